using System.Globalization;
using RolloutTrace.Bundle;
using RolloutTrace.Collecting.Journal;
using RolloutTrace.Records;

namespace RolloutTrace.Collecting.Assembling;

/// <summary>What is known of a bundle whose records come: little, as long as they come about in order, and nothing of their texts. It touches no file.</summary>
internal sealed class AssemblyState
{
    /// <summary>How many payloads may be here in part, and how many chunks of them: more than an honest sender has on its way, and no great memory.</summary>
    public const int MostOpenPayloads = 4_096;

    /// <inheritdoc cref="MostOpenPayloads"/>
    public const int MostOpenChunks = 65_536;

    private readonly NumberRanges payloads = new();
    private readonly SortedSet<long> wanted = [];
    private readonly Dictionary<long, OpenPayload> open = [];
    private long openChunks;
    private bool hasEnded;

    private long? manifestStartedAt;

    public NumberRanges Events { get; } = new();

    public bool HasManifest => manifestStartedAt is not null;

    /// <summary>The event that says what the manifest says, if it does not come.</summary>
    public EventMoment? Start { get; private set; }

    /// <summary>The event of the lowest seq that could be read, for a bundle without either.</summary>
    public EventMoment? Lowest { get; private set; }

    /// <summary>When the rollout started.</summary>
    public long? StartedAtUnixMs => manifestStartedAt ?? (Start ?? Lowest)?.WallTimeUnixMs;

    /// <summary>Of how many things it has to know, beside a few that each has.</summary>
    public int Weight => Events.Runs + payloads.Runs + wanted.Count + open.Values.Sum(static payload => payload.ChunksHere);

    public bool IsSeeded { get; private set; }

    public bool IsEmpty => !HasManifest && Events.Highest == 0 && payloads.Highest == 0 && open.Count == 0;

    public bool IsWhole => HasManifest && hasEnded && Events.IsWithoutGaps && wanted.Count == 0;

    public BundleHole? Hole => HasManifest && Events.IsWithoutGaps && wanted.Count == 0 ? null : new BundleHole
    {
        MissingSeq = [.. Events.Gaps()],
        MissingPayloads = [.. wanted.Select(PathOf)],
        MissingManifest = !HasManifest,
    };

    public bool HasPayload(long number) => payloads.Contains(number);

    public OpenPayload? OpenOf(long number) => open.GetValueOrDefault(number);

    public void AddManifest(BundleManifest manifest) => manifestStartedAt = manifest.StartedAtUnixMs;

    public void AddEvent(long seq, EventLine line)
    {
        if (!Events.Add(seq))
        {
            return;
        }

        hasEnded |= line.HasEnded;
        if (line.Event is { } known)
        {
            // Not the event itself, which may be of any size.
            var moment = new EventMoment(known.Seq, known.WallTimeUnixMs);
            Start = known.Payload is RolloutStartedEvent && (Start is null || known.Seq < Start.Value.Seq) ? moment : Start;
            Lowest = Lowest is null || known.Seq < Lowest.Value.Seq ? moment : Lowest;
        }

        foreach (var number in line.Payloads)
        {
            if (!payloads.Contains(number))
            {
                wanted.Add(number);
            }
        }
    }

    public void AddChunk(long number, PayloadFacts facts, int chunk, Extent extent)
    {
        if (!open.TryGetValue(number, out var payload))
        {
            open[number] = payload = new OpenPayload(facts);
        }

        payload.Add(chunk, extent);
        openChunks++;
        if (payload.IsComplete)
        {
            Drop(number);
            payloads.Add(number);
            wanted.Remove(number);
        }
    }

    public void Drop(long number)
    {
        if (open.Remove(number, out var payload))
        {
            openChunks -= payload.ChunksHere;
        }
    }

    /// <summary>Why no other chunk of a payload that stays in part can be taken; null if it can.</summary>
    /// <param name="isNew">Whether it is the first of its payload.</param>
    public string? WhyNotMore(bool isNew) =>
        isNew && open.Count >= MostOpenPayloads ? $"{open.Count} payloads are here in part already, and no others are begun until some are whole"
        : openChunks >= MostOpenChunks ? $"{openChunks} chunks of payloads in part are here already, and no others are taken until some are whole"
        : null;

    public void Seeded() => IsSeeded = true;

    public static string PathOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{BundleLayout.PayloadsDirectoryName}/{number}.json");
}

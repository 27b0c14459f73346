using System.Globalization;
using RolloutTrace.Bundle;
using RolloutTrace.Collecting.Journal;
using RolloutTrace.Records;

namespace RolloutTrace.Collecting.Assembling;

/// <summary>What is known of a bundle whose records come: little, as long as they come about in order. It touches no file.</summary>
internal sealed class AssemblyState
{
    private readonly NumberRanges payloads = new();
    private readonly SortedSet<long> wanted = [];
    private readonly Dictionary<long, OpenPayload> open = [];
    private bool hasEnded;

    public NumberRanges Events { get; } = new();

    /// <summary>When the rollout started, as the manifest says.</summary>
    public BundleManifest? Manifest { get; private set; }

    /// <summary>The event that says what the manifest says, if it does not come.</summary>
    public RawEvent? Start { get; private set; }

    /// <summary>The event of the lowest seq that could be read, for a bundle without either.</summary>
    public RawEvent? Lowest { get; private set; }

    public bool IsSeeded { get; private set; }

    public bool IsEmpty => Manifest is null && Events.Highest == 0 && payloads.Highest == 0 && open.Count == 0;

    public bool IsWhole => Manifest is not null && hasEnded && Events.IsWithoutGaps && wanted.Count == 0;

    public BundleHole? Hole => Manifest is not null && Events.IsWithoutGaps && wanted.Count == 0 ? null : new BundleHole
    {
        MissingSeq = [.. Events.Gaps()],
        MissingPayloads = [.. wanted.Select(PathOf)],
        MissingManifest = Manifest is null,
    };

    public bool HasPayload(long number) => payloads.Contains(number);

    public OpenPayload? OpenOf(long number) => open.GetValueOrDefault(number);

    public void AddManifest(BundleManifest manifest) => Manifest = manifest;

    public void AddEvent(long seq, EventLine line)
    {
        if (!Events.Add(seq))
        {
            return;
        }

        hasEnded |= line.HasEnded;
        if (line.Event is { } known)
        {
            Start = known.Payload is RolloutStartedEvent && (Start is null || known.Seq < Start.Seq) ? known : Start;
            Lowest = Lowest is null || known.Seq < Lowest.Seq ? known : Lowest;
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
        if (payload.IsComplete)
        {
            open.Remove(number);
            payloads.Add(number);
            wanted.Remove(number);
        }
    }

    public void Drop(long number) => open.Remove(number);

    public void Seeded() => IsSeeded = true;

    public static string PathOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{BundleLayout.PayloadsDirectoryName}/{number}.json");
}

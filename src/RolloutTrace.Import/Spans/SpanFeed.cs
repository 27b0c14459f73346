using RolloutTrace.Bundle;
using RolloutTrace.GenAI;
using RolloutTrace.Import.Input;
using RolloutTrace.Import.Writing;

namespace RolloutTrace.Import.Spans;

/// <summary>
/// Where the spans of all files of a run come together, whatever format each is in: a trace may lie in several. The rollouts are written
/// when all have been read.
/// </summary>
internal sealed class SpanFeed : IGenAIRolloutOpener
{
    /// <summary>What rollouts are said to be made from.</summary>
    public const string Format = "spans";

    private readonly ImportRun run;
    private readonly GenAIRollouts rollouts;
    private readonly OwnRollouts own;
    private readonly Dictionary<Rollout, ImportedBundle> bundles = [];
    private string lastFile = "";
    private string lastFileOfEvents = "";
    private bool isComplete;
    private long events;

    public SpanFeed(ImportRun run)
    {
        this.run = run;
        rollouts = new GenAIRollouts(this);
        own = new OwnRollouts(run);
    }

    /// <inheritdoc cref="GenAIRollouts.LostEventCount"/>
    public int LostEventCount => rollouts.LostEventCount;

    /// <summary>Adds the spans of a file. One that has none that mean something in a rollout is told.</summary>
    /// <param name="file">The file.</param>
    /// <param name="read">Reads it, and gives each span to what it is given.</param>
    public void Add(InputFile file, Action<Action<ForeignSpan>> read)
    {
        lastFile = file.Path;
        var (others, before, count, told) = (rollouts.OtherSpanCount, rollouts.SpanCount + own.Count, 0L, events);
        var kinds = new Dictionary<string, int>(rollouts.NotRecorded, StringComparer.Ordinal);
        try
        {
            read(span =>
            {
                count++;
                Add(span);
            });
        }
        finally
        {
            SayNotRecorded(file, kinds);

            // Spans that came before, in another file, are given already.
            if (rollouts.SpanCount + own.Count == before && told == events && (count == 0 || rollouts.OtherSpanCount > others))
            {
                run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.NothingFound, file.Path, line: null, count == 0 ? "holds no spans" : "holds no spans that tell of agents, models or tools");
            }
        }
    }

    private void SayNotRecorded(InputFile file, Dictionary<string, int> before)
    {
        var kinds = rollouts.NotRecorded
            .Select(kind => (kind.Key, Count: kind.Value - before.GetValueOrDefault(kind.Key)))
            .Where(static kind => kind.Count > 0)
            .OrderBy(static kind => kind.Key, StringComparer.Ordinal)
            .Select(static kind => $"{kind.Count} {kind.Key}")
            .ToList();
        if (kinds.Count > 0)
        {
            run.Diagnostics.Add(ImportSeverity.Information, ImportCodes.SpansNotRecorded, file.Path, line: null, $"has spans of kinds that no rollout has, which are not recorded: {string.Join(", ", kinds)}");
        }
    }

    /// <summary>Adds the messages for spans that a file of logs has, and spans if it has any; what cannot be read is passed over.</summary>
    /// <returns>Whether there were any.</returns>
    public bool TryAddMessages(InputFile file)
    {
        lastFile = file.Path;
        var before = events + rollouts.SpanCount + own.Count;
        new OtlpJsonReader(file, run.Silent(), Add, AddEvent).Read();
        return events + rollouts.SpanCount + own.Count > before;
    }

    private void Add(ForeignSpan span)
    {
        if (OwnSpan.Is(span))
        {
            own.Add(span);
        }
        else
        {
            rollouts.Add(span);
        }
    }

    /// <summary>Adds an event that was logged for a span of any file.</summary>
    public void AddEvent(string traceId, string spanId, SpanEvent happened)
    {
        events++;
        lastFileOfEvents = lastFile;
        rollouts.AddEvent(traceId, spanId, happened);
    }

    /// <summary>All files have been read: writes the rollouts, once.</summary>
    public void Complete()
    {
        if (!isComplete)
        {
            isComplete = true;
            rollouts.Complete();
            SayLost();
            own.Complete(lastFile);
            foreach (var bundle in bundles.Values)
            {
                bundle.Dispose();
            }
        }
    }

    private void SayLost()
    {
        if (LostEventCount > 0)
        {
            run.Diagnostics.Add(
                ImportSeverity.Warning, ImportCodes.ReferenceMissing, lastFileOfEvents, line: null, $"is the last with messages that were logged for spans; the spans of {LostEventCount} of them did not come, and they are in no rollout");
        }
    }

    /// <inheritdoc/>
    public void Open(Rollout rollout, string recordingId, DateTimeOffset startedAt)
    {
        var manifest = new BundleManifest
        {
            TraceId = recordingId,
            RolloutId = rollout.RolloutId,
            RootThreadId = rollout.RootThreadId,
            StartedAtUnixMs = Math.Max(0, startedAt.ToUnixTimeMilliseconds()),
        };
        if (run.CreateBundle(manifest, lastFile) is { } bundle)
        {
            bundle.IsOneOfMany = true;
            bundles.Add(rollout, bundle);
            rollout.TryAttach(recordingId, _ => bundle);
        }
    }

    /// <inheritdoc/>
    public void Close(Rollout rollout)
    {
        if (bundles.Remove(rollout, out var bundle))
        {
            run.Complete(bundle, Format, lastFile);
        }
    }
}

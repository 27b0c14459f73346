using RolloutTrace.Bundle;

namespace RolloutTrace.Import.Sessions;

/// <summary>What one agent of several did, until it is its turn to be written. Its times never go back, as in the bundle. Not safe for concurrent use.</summary>
/// <param name="target">Tells where it goes, when there is something.</param>
internal sealed class QueuedRecording(Func<IRolloutRecording> target) : IRolloutRecording
{
    private readonly Queue<(long Time, Action Write)> queue = [];
    private long last;

    /// <inheritdoc/>
    public string BundleName => target().BundleName;

    /// <inheritdoc/>
    public string TraceId => target().TraceId;

    public bool IsEmpty => queue.Count == 0;

    /// <summary>The time of what comes next. There must be something.</summary>
    public long Time => queue.Peek().Time;

    /// <inheritdoc/>
    public void Record(in RolloutEventContext context, RawEventPayload payload)
    {
        var kept = context;
        Add(context.WallTimeUnixMs ?? last, () => target().Record(kept, payload));
    }

    /// <inheritdoc/>
    public PayloadReference? Record<TState>(in RolloutEventContext context, PayloadKind kind, in JsonPayload payload, TState state, Func<TState, PayloadReference, RawEventPayload> create)
    {
        var (kept, document) = (context, payload);
        Add(context.WallTimeUnixMs ?? last, () => target().Record(kept, kind, document, state, create));
        return null;
    }

    /// <summary>Does something between what is written.</summary>
    public void Add(long time, Action action)
    {
        last = Math.Max(last, time);
        queue.Enqueue((last, action));
    }

    /// <summary>Writes what comes next.</summary>
    public void WriteNext() => queue.Dequeue().Write();
}

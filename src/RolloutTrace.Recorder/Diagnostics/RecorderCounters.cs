using RolloutTrace.Recorder.Recording;

namespace RolloutTrace.Recorder.Diagnostics;

/// <summary>Plain totals, so that counting costs the caller an addition whether or not anybody reads them. Safe for concurrent use.</summary>
internal sealed class RecorderCounters
{
    private readonly long[] eventsNotRecorded = new long[Enum.GetValues<StopCause>().Length];
    private readonly long[] bundlesStopped = new long[Enum.GetValues<StopCause>().Length];
    private readonly long[] payloadsReplaced = new long[Enum.GetValues<PayloadProblem>().Length];
    private long bytesRecorded;
    private long eventsWritten;
    private long bytesWritten;
    private long eventsRemoved;
    private long payloadsMended;
    private long bundlesOpen;
    private long rolloutsRefused;
    private long rolloutsCut;
    private long spansGivenUp;
    private long eventsSent;
    private long eventsNotSent;

    public long BytesRecorded => Volatile.Read(ref bytesRecorded);

    public long EventsWritten => Volatile.Read(ref eventsWritten);

    /// <summary>Events that were on disk until somebody took them away.</summary>
    public long EventsRemoved => Volatile.Read(ref eventsRemoved);

    /// <summary>Payloads with halves of surrogate pairs.</summary>
    public long PayloadsMended => Volatile.Read(ref payloadsMended);

    public long BytesWritten => Volatile.Read(ref bytesWritten);

    public long BundlesOpen => Volatile.Read(ref bundlesOpen);

    /// <summary>Rollouts that have no bundle, since they started during an overload.</summary>
    public long RolloutsRefused => Volatile.Read(ref rolloutsRefused);

    /// <summary>Rollouts that have a bundle in which events are missing.</summary>
    public long RolloutsCut => Volatile.Read(ref rolloutsCut);

    /// <summary>Spans of other libraries that were not read.</summary>
    public long SpansGivenUp => Volatile.Read(ref spansGivenUp);

    /// <summary>Events that a receiver has taken.</summary>
    public long EventsSent => Volatile.Read(ref eventsSent);

    /// <summary>Events of batches that no receiver has taken, or that there was no room for.</summary>
    public long EventsNotSent => Volatile.Read(ref eventsNotSent);

    public long EventsNotRecorded(StopCause cause) => Volatile.Read(ref eventsNotRecorded[(int)cause]);

    public long BundlesStopped(StopCause cause) => Volatile.Read(ref bundlesStopped[(int)cause]);

    public long PayloadsReplaced(PayloadProblem problem) => Volatile.Read(ref payloadsReplaced[(int)problem]);

    public void BytesTaken(int bytes) => Interlocked.Add(ref bytesRecorded, bytes);

    public void Written(long events, long bytes)
    {
        Interlocked.Add(ref eventsWritten, events);
        Interlocked.Add(ref bytesWritten, bytes);
    }

    public void Removed(long events) => Interlocked.Add(ref eventsRemoved, events);

    public void PayloadMended() => Interlocked.Increment(ref payloadsMended);

    public void EventNotRecorded(StopCause cause, long count = 1) => Interlocked.Add(ref eventsNotRecorded[(int)cause], count);

    public void PayloadReplaced(PayloadProblem problem) => Interlocked.Increment(ref payloadsReplaced[(int)problem]);

    public void RolloutRefused() => Interlocked.Increment(ref rolloutsRefused);

    public void RolloutCut() => Interlocked.Increment(ref rolloutsCut);

    public void Sent(long events) => Interlocked.Add(ref eventsSent, events);

    public void NotSent(long events) => Interlocked.Add(ref eventsNotSent, events);

    public void SpanGivenUp() => Interlocked.Increment(ref spansGivenUp);

    public void BundleOpened() => Interlocked.Increment(ref bundlesOpen);

    public void BundleClosed() => Interlocked.Decrement(ref bundlesOpen);

    public void BundleStopped(StopCause cause) => Interlocked.Increment(ref bundlesStopped[(int)cause]);
}

namespace RolloutTrace.Recorder.Queue;

/// <summary>
/// How fast the reader gets rid of bytes while it has any, over about the latest second of work. While it is in the middle of a
/// batch the rate falls, so that a disk that stands still soon counts as one.
/// </summary>
/// <remarks>Arithmetic only: times are given, in milliseconds of any monotonic clock. Not safe for concurrent use.</remarks>
internal sealed class DrainRate
{
    private const double HalfLifeMilliseconds = 1000;

    private double bytes;
    private double milliseconds;
    private long? since;

    /// <summary>The reader has taken a batch.</summary>
    public void Begin(long now) => since = now;

    /// <summary>The reader is done with the batch. Without a beginning it counts for nothing.</summary>
    public void End(long drained, long now)
    {
        if (since is { } began)
        {
            (bytes, milliseconds) = After(now - began);
            bytes += drained;
            since = null;
        }
    }

    /// <summary>How many bytes the reader will be rid of in so much time, if it goes on like this; none as long as nothing is known.</summary>
    public long BytesIn(long time, long now)
    {
        var (known, took) = After(since is { } began ? now - began : 0);
        return (long)Math.Min(known / Math.Max(took, 1) * time, long.MaxValue / 4);
    }

    private (double Bytes, double Milliseconds) After(long elapsed)
    {
        var kept = Math.Pow(0.5, elapsed / HalfLifeMilliseconds);
        return (bytes * kept, (milliseconds * kept) + elapsed);
    }
}

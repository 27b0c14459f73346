namespace RolloutTrace.Recorder.Queue;

/// <summary>
/// How much longer to wait for what is queued to be written: up to a time limit, and only as long as the disk moves, however
/// slowly. Either can be without bound.
/// </summary>
/// <remarks>Arithmetic only: times are given, in milliseconds of any monotonic clock. Not safe for concurrent use.</remarks>
internal sealed class FlushPatience
{
    private readonly long timeout;
    private readonly long stall;
    private readonly long began;
    private long seen;
    private long seenAt;

    /// <param name="timeoutMilliseconds">The time limit; negative for none.</param>
    /// <param name="stallMilliseconds">How long to wait without progress; negative for no limit.</param>
    /// <param name="progress">The progress now: a number that grows with it.</param>
    /// <param name="now">The time now.</param>
    public FlushPatience(long timeoutMilliseconds, long stallMilliseconds, long progress, long now)
    {
        timeout = timeoutMilliseconds;
        stall = stallMilliseconds;
        began = now;
        seen = progress;
        seenAt = now;
    }

    /// <summary>What is left, in milliseconds; none if it is not positive.</summary>
    public long Left(long progress, long now)
    {
        if (progress != seen)
        {
            (seen, seenAt) = (progress, now);
        }

        return Math.Min(
            timeout < 0 ? long.MaxValue : began + timeout - now,
            stall < 0 ? long.MaxValue : seenAt + stall - now);
    }
}

namespace RolloutTrace.Arguments;

/// <summary>
/// The caller's clock, which may throw, step back, or show times that ids and readers do not know. It never throws: then the
/// system's clock answers. Times are from 1970 on, lengths of time not negative.
/// </summary>
internal sealed class RolloutClock(TimeProvider? clock)
{
    private readonly TimeProvider clock = clock ?? TimeProvider.System;

    public DateTimeOffset Now()
    {
        try
        {
            var now = clock.GetUtcNow();
            return now < DateTimeOffset.UnixEpoch ? DateTimeOffset.UnixEpoch : now;
        }
        catch (Exception)
        {
            return TimeProvider.System.GetUtcNow();
        }
    }

    public long NowMs() => Now().ToUnixTimeMilliseconds();

    public string NewId() => Guid.CreateVersion7(Now()).ToString();

    /// <summary>For <see cref="Since"/>; null if the clock fails.</summary>
    public long? Timestamp()
    {
        try
        {
            return clock.GetTimestamp();
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <summary>How long ago a timestamp was taken; zero if that is not known.</summary>
    public TimeSpan Since(long? timestamp)
    {
        try
        {
            var elapsed = timestamp is { } from ? clock.GetElapsedTime(from) : TimeSpan.Zero;
            return elapsed < TimeSpan.Zero ? TimeSpan.Zero : elapsed;
        }
        catch (Exception)
        {
            return TimeSpan.Zero;
        }
    }
}

namespace RolloutTrace.Recorder.Queue;

/// <summary>
/// How much longer callers may be kept waiting, all together. Time during which anybody waits is taken from it; while the
/// disk moves it fills up again, at a hundredth of the time that passes. So a disk that stands still costs the observed
/// program the limit once, and a slow one at most a hundredth of its time.
/// </summary>
/// <remarks>Arithmetic only: times are given, in milliseconds of any monotonic clock. Not safe for concurrent use.</remarks>
internal sealed class WaitBudget
{
    private const long RefillDivisor = 100;

    private readonly long limit;
    private long left;
    private long waitingSince;
    private long refilledAt;
    private int waiters;

    public WaitBudget(long limit, long now)
    {
        this.limit = limit;
        left = limit;
        refilledAt = now;
    }

    /// <summary>What is left, in milliseconds; never negative.</summary>
    public long Left(long now) => Math.Max(0, waiters > 0 ? left - (now - waitingSince) : left);

    /// <summary>A caller begins to wait.</summary>
    public void Enter(long now)
    {
        if (waiters++ == 0)
        {
            waitingSince = now;
        }
    }

    /// <summary>A caller has waited.</summary>
    public void Leave(long now)
    {
        if (--waiters == 0)
        {
            left = Left(now, waitedSince: waitingSince);
        }
    }

    /// <summary>The disk has moved.</summary>
    public void Refill(long now)
    {
        var earned = (now - refilledAt) / RefillDivisor;
        if (earned > 0)
        {
            left = Math.Min(limit, left + earned);
            refilledAt += earned * RefillDivisor;
        }
    }

    private long Left(long now, long waitedSince) => Math.Max(0, left - (now - waitedSince));
}

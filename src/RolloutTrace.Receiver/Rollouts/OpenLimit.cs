namespace RolloutTrace.Receiver.Rollouts;

/// <summary>How many rollouts are open at most, of records and of spans together. Safe for concurrent use.</summary>
internal sealed class OpenLimit(int most)
{
    private int open;

    public int Count => Volatile.Read(ref open);

    /// <summary>Counts one more, if there may be one more.</summary>
    public bool TryOpen()
    {
        if (Interlocked.Increment(ref open) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref open);
        return false;
    }

    /// <summary>Counts one more that was open before this process began.</summary>
    public void Reopen() => Interlocked.Increment(ref open);

    /// <summary>One is open no more.</summary>
    public void Close() => Interlocked.Decrement(ref open);
}

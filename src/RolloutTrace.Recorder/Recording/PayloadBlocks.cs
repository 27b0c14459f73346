namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// Memory for payloads that are copied from their callers: large blocks, given out from front to end, and again when all that was in one has come back. They come back
/// in about the order in which they went, so whatever the sizes are, the same few blocks go round: an array for each size would be
/// fresh memory for each size that a growing history has. What a rush has needed is kept for a second, since rushes come in rows. Safe for concurrent use.
/// </summary>
internal sealed class PayloadBlocks
{
    private const int SmallestBlock = 1 << 14;
    private const int LargestBlock = 4 << 20;

    // What is left over at a block's end is at most this part of it. A payload counts as its array would (PayloadPool.Capacity), which is as much more.
    private const int PayloadsToABlock = 4;

    private const long KeptMilliseconds = 1000;

    // Neighbours are written and read by different threads.
    private const int CacheLine = 64;

    private readonly Lock gate = new();

    // Those that came back last stand last: what they hold is in the cache.
    private readonly List<PayloadBlock> idle = [];
    private readonly int blockBytes;
    private readonly int maxIdle;
    private PayloadBlock? current;

    /// <param name="queueLimitBytes">The bound on all that waits.</param>
    /// <param name="maxIdleBytes">How much is kept for good, a block at least.</param>
    public PayloadBlocks(long queueLimitBytes, long maxIdleBytes)
    {
        blockBytes = (int)Math.Clamp(queueLimitBytes / 16, SmallestBlock, LargestBlock);
        maxIdle = (int)Math.Max(1, maxIdleBytes / blockBytes);
    }

    /// <summary>Whether more is kept than for good.</summary>
    public bool HasSpare
    {
        get
        {
            lock (gate)
            {
                return idle.Count > maxIdle;
            }
        }
    }

    /// <summary>Whether a payload of so many bytes finds room in a block.</summary>
    public bool Holds(int bytes) => bytes <= blockBytes / PayloadsToABlock;

    /// <summary>Room for a payload, with any content.</summary>
    /// <param name="bytes">How many bytes it has; one that <see cref="Holds"/>.</param>
    public (PayloadBlock Block, int Offset) Rent(int bytes)
    {
        lock (gate)
        {
            if (current is null || blockBytes - current.Used < bytes)
            {
                current = TakeIdle() ?? new PayloadBlock(blockBytes);
            }

            var offset = current.Used;
            current.Used = Math.Min(blockBytes, offset + ((bytes + CacheLine - 1) & -CacheLine));
            current.Payloads++;
            return (current, offset);
        }
    }

    /// <summary>A payload in the block is not needed any more.</summary>
    /// <param name="block">The block.</param>
    /// <param name="now">The time in milliseconds.</param>
    public void Return(PayloadBlock block, long now)
    {
        lock (gate)
        {
            if (--block.Payloads > 0)
            {
                return;
            }

            block.Used = 0;
            if (block != current)
            {
                block.IdleSince = now;
                idle.Add(block);
            }
        }
    }

    /// <summary>Leaves to the garbage collector what a rush has left behind.</summary>
    /// <param name="now">The time in milliseconds.</param>
    public void Trim(long now)
    {
        lock (gate)
        {
            while (idle.Count > maxIdle && now - idle[0].IdleSince >= KeptMilliseconds)
            {
                idle.RemoveAt(0);
            }
        }
    }

    private PayloadBlock? TakeIdle()
    {
        if (idle is not [.., var last])
        {
            return null;
        }

        idle.RemoveAt(idle.Count - 1);
        return last;
    }
}

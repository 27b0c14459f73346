namespace RolloutTrace.Recorder.Recording;

/// <summary>Where payloads stand until they are written: in blocks, or in arrays of their own. Safe for concurrent use.</summary>
internal sealed class PayloadMemory(long queueLimitBytes, bool refersBack)
{
    // What is kept of either for good.
    private const long MaxIdleArrayBytes = 16 << 20;
    private const long MaxIdleBlockBytes = 8 << 20;

    /// <summary>Arrays, for what is written bit by bit and for what is large.</summary>
    public PayloadPool Arrays { get; } = new(queueLimitBytes, Math.Min(queueLimitBytes, MaxIdleArrayBytes));

    /// <summary>The newest requests, whose beginnings are not copied again.</summary>
    public RequestHistories Histories { get; } = new(RequestHistories.MostKept(queueLimitBytes, refersBack, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));

    private PayloadBlocks Blocks { get; } = new(queueLimitBytes, Math.Min(queueLimitBytes, MaxIdleBlockBytes));

    /// <summary>Whether some of it will be given back if nothing more comes.</summary>
    public bool HasSpare => Arrays.HasSpare || Blocks.HasSpare || Histories.HasAny;

    /// <summary>Gives back what has not been needed for a while.</summary>
    public void Trim()
    {
        var now = Environment.TickCount64;
        Arrays.Trim(now);
        Blocks.Trim(now);
        Histories.Trim(now);
    }

    /// <summary>Copies a payload, for which <see cref="PayloadPool.Capacity"/> has been taken of the bound.</summary>
    public TakenPayload Copy(ReadOnlySpan<byte> utf8)
    {
        if (!Blocks.Holds(utf8.Length))
        {
            var array = Arrays.Rent(utf8.Length);
            utf8.CopyTo(array);
            return TakenPayload.Of(array, utf8.Length);
        }

        var (block, offset) = Blocks.Rent(utf8.Length);
        utf8.CopyTo(block.Bytes.AsSpan(offset));
        return TakenPayload.Of(block, offset, utf8.Length);
    }

    /// <summary>Takes back what nobody looks at any more.</summary>
    public void Return(in TakenPayload taken)
    {
        if (taken.Block is { } block)
        {
            Blocks.Return(block, Environment.TickCount64);
        }
        else if (taken.Array is { } array)
        {
            Arrays.Return(array);
        }
    }
}

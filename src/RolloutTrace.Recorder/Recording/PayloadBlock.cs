namespace RolloutTrace.Recorder.Recording;

/// <summary>Memory in which payloads stand one behind the other. <see cref="PayloadBlocks"/> looks after it.</summary>
internal sealed class PayloadBlock(int length)
{
    public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(length);

    /// <summary>How much of it has been given out.</summary>
    public int Used { get; set; }

    /// <summary>How many payloads in it have not come back.</summary>
    public int Payloads { get; set; }

    /// <summary>Since when nobody has wanted it, in milliseconds.</summary>
    public long IdleSince { get; set; }
}

namespace RolloutTrace.Recorder.Queue;

/// <summary>
/// One rollout's place among those that are being recorded, and what it takes up of the queue. <see cref="RolloutAdmission"/> gives it
/// and takes it back.
/// </summary>
internal sealed class RolloutPlace
{
    private volatile bool isFavoured = true;
    private long recorded;
    private long written;
    private long mostHeld;

    /// <summary>Whether it may use the queue's bound to the last byte, and wait for room. May be asked on any thread.</summary>
    public bool IsFavoured
    {
        get => isFavoured;
        set => isFavoured = value;
    }

    /// <summary>Whether it is one of those that the window limits.</summary>
    public bool IsCounted { get; init; }

    /// <summary>Where it stands; null once it is given back.</summary>
    public LinkedListNode<RolloutPlace>? Node { get; set; }

    /// <summary>Bytes that it has put into the queue so far. May be asked on any thread, as the two that follow.</summary>
    public long Recorded => Volatile.Read(ref recorded);

    /// <summary>Bytes that it has in the queue.</summary>
    public long Held => Recorded - Volatile.Read(ref written);

    /// <summary>The most bytes that it had in the queue at one time.</summary>
    public long MostHeld => Volatile.Read(ref mostHeld);

    /// <summary>How much it had recorded when somebody last looked, for <see cref="RolloutFootprints"/>.</summary>
    public long SeenRecorded { get; set; }

    /// <summary>When it was last seen to have recorded something, for <see cref="RolloutFootprints"/>.</summary>
    public long SeenAt { get; set; }

    /// <summary>It has put bytes into the queue. One thread at a time, before the reader can see them.</summary>
    public void Put(long bytes)
    {
        Volatile.Write(ref recorded, recorded + bytes);
        if (Held > mostHeld)
        {
            Volatile.Write(ref mostHeld, Held);
        }
    }

    /// <summary>The reader is done with bytes of it. For the reader.</summary>
    public void Release(long bytes) => Volatile.Write(ref written, written + bytes);
}

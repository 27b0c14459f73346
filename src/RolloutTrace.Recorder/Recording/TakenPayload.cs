namespace RolloutTrace.Recorder.Recording;

/// <summary>A payload as it was taken from the caller: its bytes, or why there are none.</summary>
internal readonly struct TakenPayload
{
    // One field for any of them keeps the records small in which many of these wait.
    private readonly object? content;
    private readonly int offset;

    private TakenPayload(object? content, int length, int offset = 0, int halves = 0, SharedRequest? shared = null)
    {
        Shared = shared;
        this.content = content;
        this.offset = offset;
        Length = length;
        Halves = halves;
    }

    /// <summary>There was no room for it in the queue.</summary>
    public static TakenPayload NoRoom { get; } = Failed(new PayloadFailure(PayloadProblem.NoRoom));

    /// <summary>A pooled array that is the payload's own; null when it has none.</summary>
    public byte[]? Array => content as byte[];

    /// <summary>The block that it stands in with others; null when there is none.</summary>
    public PayloadBlock? Block => content as PayloadBlock;

    /// <summary>How it stands to the request before it; null where nothing is known of that.</summary>
    public SharedRequest? Shared { get; }

    /// <summary>Its bytes, less those that it begins with as the request before it where they were not copied (<see cref="SharedRequest.Head"/>); empty when there is a failure.</summary>
    public Memory<byte> Bytes => (Block?.Bytes ?? Array).AsMemory(offset, Length);

    /// <summary>How many <see cref="Bytes"/> there are.</summary>
    public int Length { get; }

    /// <summary>How many bytes the payload has.</summary>
    public int WholeLength => Length + (Shared?.HeadLength ?? 0);

    /// <summary>How many halves of surrogate pairs were replaced before the redaction hook saw it.</summary>
    public int Halves { get; }

    /// <summary>Null when there are bytes.</summary>
    public PayloadFailure? Failure => content as PayloadFailure;

    public bool HasNoRoom => Failure is { Problem: PayloadProblem.NoRoom };

    /// <summary>
    /// What the payload and its event take up of the queue's bound, the event's texts aside. What it shares with the request before counts too: it has to be written
    /// before what comes next.
    /// </summary>
    public long Size => EventSize.Base + (Block is not null || Shared is not null ? PayloadPool.Capacity(WholeLength) : Array?.Length ?? 0);

    public static TakenPayload Of(byte[] array, int length, int halves = 0) => new(array, length, halves: halves);

    public static TakenPayload Of(PayloadBlock block, int offset, int length) => new(block, length, offset);

    /// <summary>The same, with what is known of how it stands to the request before it.</summary>
    public TakenPayload After(SharedRequest shared) => new(content, Length, offset, Halves, shared);

    public static TakenPayload Failed(PayloadFailure failure) => new(failure, length: 0);
}

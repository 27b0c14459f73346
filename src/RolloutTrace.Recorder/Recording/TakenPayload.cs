namespace RolloutTrace.Recorder.Recording;

/// <summary>A payload as it was taken from the caller: its bytes, or why there are none.</summary>
internal readonly struct TakenPayload
{
    // One field for either keeps the records small in which many of these wait.
    private readonly object? content;

    private TakenPayload(object? content, int length, int halves = 0)
    {
        this.content = content;
        Length = length;
        Halves = halves;
    }

    /// <summary>There was no room for it in the queue.</summary>
    public static TakenPayload NoRoom { get; } = Failed(new PayloadFailure(PayloadProblem.NoRoom));

    /// <summary>A pooled array; null when there is a failure.</summary>
    public byte[]? Array => content as byte[];

    public int Length { get; }

    /// <summary>How many halves of surrogate pairs were replaced before the redaction hook saw it.</summary>
    public int Halves { get; }

    /// <summary>Null when there is an array.</summary>
    public PayloadFailure? Failure => content as PayloadFailure;

    public bool HasNoRoom => Failure is { Problem: PayloadProblem.NoRoom };

    /// <summary>What the payload and its event take up of the queue's bound, the event's texts aside.</summary>
    public long Size => EventSize.Base + (Array?.Length ?? 0);

    public static TakenPayload Of(byte[] array, int length, int halves = 0) => new(array, length, halves);

    public static TakenPayload Failed(PayloadFailure failure) => new(failure, length: 0);
}

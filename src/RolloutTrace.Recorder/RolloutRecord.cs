using RolloutTrace.Bundle;
using RolloutTrace.Recorder.Recording;

namespace RolloutTrace.Recorder;

/// <summary>
/// One raw event on its way to an exporter, with the payload that is stored with it. Records of a bundle come in the order of
/// <see cref="RawEvent.Seq"/>, without holes. What an exporter sees of a record does not change.
/// </summary>
public sealed class RolloutRecord
{
    private readonly TakenPayload payload;

    internal RolloutRecord(RolloutBundle bundle, RawEvent rawEvent, long size)
    {
        Bundle = bundle;
        Event = rawEvent;
        Size = size;
    }

    internal RolloutRecord(RolloutBundle bundle, RawEvent rawEvent, PayloadReference reference, long payloadNumber, in TakenPayload payload, long size)
        : this(bundle, rawEvent, size)
    {
        PayloadReference = reference;
        PayloadNumber = payloadNumber;
        this.payload = payload;
        Payload = payload.Bytes;
    }

    /// <summary>The bundle that the event belongs to.</summary>
    public RolloutBundle Bundle { get; }

    /// <summary>The event.</summary>
    public RawEvent Event { get; internal set; }

    /// <summary>The payload that is stored with the event; null if there is none.</summary>
    public PayloadReference? PayloadReference { get; }

    /// <summary>
    /// The payload: one valid JSON document in UTF-8. The memory is used again once the exporter has returned from its export;
    /// what it wants to keep it has to copy.
    /// </summary>
    public ReadOnlyMemory<byte> Payload { get; internal set; }

    /// <summary>N of <c>payloads/N.json</c>; 0 without a payload.</summary>
    internal long PayloadNumber { get; }

    /// <summary>What the record takes up of the queue's bound, in bytes.</summary>
    internal long Size { get; }

    internal ref readonly TakenPayload Taken => ref payload;
}

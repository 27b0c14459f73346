using RolloutTrace.Bundle;
using RolloutTrace.Recorder.Recording;

namespace RolloutTrace.Recorder;

/// <summary>
/// One raw event on its way to an exporter, with the payload that is stored with it. Records of a bundle come in the order of
/// <see cref="RawEvent.Seq"/>, without holes. What an exporter sees of a record does not change.
/// </summary>
public sealed class RolloutRecord
{
    private readonly EventEnvelope envelope;
    private readonly TakenPayload taken;
    private RawEvent? rawEvent;

    internal RolloutRecord(RolloutBundle bundle, in EventEnvelope envelope, RawEventPayload observed, long size)
    {
        Bundle = bundle;
        Observed = observed;
        Size = size;
        this.envelope = envelope;
    }

    internal RolloutRecord(
        RolloutBundle bundle, in EventEnvelope envelope, RawEventPayload observed, PayloadReference reference, long payloadNumber, in TakenPayload taken, long size)
        : this(bundle, envelope, observed, size)
    {
        PayloadReference = reference;
        PayloadNumber = payloadNumber;
        this.taken = taken;
        Payload = taken.Bytes;
    }

    /// <summary>The bundle that the event belongs to.</summary>
    public RolloutBundle Bundle { get; }

    /// <summary>The event with its place in the bundle's order.</summary>
    public RawEvent Event => rawEvent ??= envelope.Around(Observed, Bundle.Manifest.RolloutId);

    /// <summary>The payload that is stored with the event; null if there is none.</summary>
    public PayloadReference? PayloadReference { get; }

    /// <summary>
    /// The payload: one valid JSON document in UTF-8. The memory is used again once the exporter has returned from its export;
    /// what it wants to keep it has to copy.
    /// </summary>
    public ReadOnlyMemory<byte> Payload { get; internal set; }

    /// <summary>What was observed. It may be replaced until the first exporter sees it.</summary>
    internal RawEventPayload Observed { get; set; }

    internal ref readonly EventEnvelope Envelope => ref envelope;

    /// <summary>N of <c>payloads/N.json</c>; 0 without a payload.</summary>
    internal long PayloadNumber { get; }

    /// <summary>What the record takes up of the queue's bound, in bytes.</summary>
    internal long Size { get; }

    internal ref readonly TakenPayload Taken => ref taken;
}

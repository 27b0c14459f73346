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
    private ReadOnlyMemory<byte>? payload;

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
    public ReadOnlyMemory<byte> Payload
    {
        get => payload ??= Whole();
        internal set => payload = value;
    }

    /// <summary>What was observed. It may be replaced until the first exporter sees it.</summary>
    internal RawEventPayload Observed { get; set; }

    internal ref readonly EventEnvelope Envelope => ref envelope;

    /// <summary>Whether the payload stands in two places as long as nobody asks for <see cref="Payload"/>.</summary>
    internal bool IsInParts => payload is null && taken.Shared is { Same: > 0 };

    /// <summary>The payload in two places. Only while <see cref="IsInParts"/>.</summary>
    internal PayloadInParts Parts => taken.Shared is { HeadLength: > 0 } shared
        ? new PayloadInParts(shared.Head, taken.Bytes.Span, Earlier)
        : new PayloadInParts(taken.Bytes.Span[..taken.Shared!.Same], taken.Bytes.Span[taken.Shared.Same..], Earlier);

    /// <summary>Number of an earlier payload that begins with the first part; 0 if none is known.</summary>
    internal long Earlier { get; set; }

    /// <summary>N of <c>payloads/N.json</c>; 0 without a payload.</summary>
    internal long PayloadNumber { get; }

    /// <summary>What the record takes up of the queue's bound, in bytes.</summary>
    internal long Size { get; }

    internal ref readonly TakenPayload Taken => ref taken;

    private ReadOnlyMemory<byte> Whole() => taken.Shared is { HeadLength: > 0 } shared ? (byte[])[.. shared.Head, .. taken.Bytes.Span] : taken.Bytes;
}

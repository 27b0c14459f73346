using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Replay;
using RolloutTrace.Wire;

namespace RolloutTrace.Reducer.Reading;

/// <summary>Gives reductions the payloads they need; the one that belongs to the event at hand may have been read ahead.</summary>
internal sealed class PayloadReader(BundleReader bundle, Tolerance tolerance)
{
    private PrefetchedPayload? prefetched;

    /// <summary>
    /// Whether half a surrogate pair becomes U+FFFD in what is read. It is looked for only when an event has come upon one, so
    /// that sound payloads are not searched.
    /// </summary>
    public bool MendsText { get; set; }

    /// <summary>Makes the payload that was read ahead for the next event available; an untouched one before it is let go.</summary>
    public void MoveTo(PrefetchedPayload? next)
    {
        prefetched?.Dispose();
        prefetched = next;
    }

    /// <summary>A payload, or why there is none. A payload that the recorder replaced is noted.</summary>
    public Payload Open(PayloadReference reference)
    {
        PayloadDocument document;
        try
        {
            document = TakeParsed(reference) is ({ } ready, { } parsed)
                ? PayloadDocument.Of(ready, parsed, reference.RawPayloadId)
                : PayloadDocument.Parse(Read(reference), reference.RawPayloadId, MenderOf(reference));
        }
        catch (BundleException e)
        {
            return new Payload.Missing(reference.RawPayloadId, MessageOf(reference, e), e);
        }
        catch (JsonException e)
        {
            return new Payload.Damaged(reference.RawPayloadId, $"payload {reference.RawPayloadId} is not JSON: {JsonWords.Of(e)}", e);
        }

        if (!tolerance.HeedsMarkers || RecorderMarker.ReasonIn(document.Root) is not { } reason)
        {
            return new Payload.Document(document);
        }

        tolerance.Accept(RecorderMarker.Defect(reference.RawPayloadId, reason, RecorderMarker.LeavesItems(document.Root)));
        return new Payload.Replaced(reason, document);
    }

    /// <summary>A payload of which something can be read; null if nothing can and replay goes on without it.</summary>
    /// <exception cref="ReductionFault">Nothing can, and replay does not go on.</exception>
    public Payload? OpenOrNote(PayloadReference reference)
    {
        var payload = Open(reference);
        if (payload.Unreadable is not { } defect)
        {
            return payload;
        }

        tolerance.Accept(defect);
        return null;
    }

    /// <summary>The bytes of a request; they belong to the caller.</summary>
    /// <param name="reference">The payload.</param>
    /// <param name="entries">What was found ahead of the entries in the bytes; null for nothing.</param>
    /// <exception cref="ReductionFault">They cannot be read.</exception>
    public PayloadBytes ReadRequest(PayloadReference reference, out FoundEntries? entries)
    {
        // Of what is mended nothing was found.
        entries = MendsText || prefetched?.Reference != reference ? null : prefetched.Entries;
        try
        {
            return Read(reference);
        }
        catch (BundleException e)
        {
            throw ReductionFault.Unreadable(Payload.CauseOf(reference.RawPayloadId), MessageOf(reference, e), e);
        }
    }

    private PayloadBytes Read(PayloadReference reference)
    {
        var bytes = Fetch(reference);
        if (bytes.HasByteOrderMark && !tolerance.SkipsByteOrderMarks)
        {
            bytes.Dispose();
            throw new BundleException("it begins with a byte order mark, which JSON does not have");
        }

        return MenderOf(reference)?.Mend(bytes) ?? bytes;
    }

    private TextMender? MenderOf(PayloadReference reference) => MendsText ? new TextMender(tolerance, reference.RawPayloadId) : null;

    private PayloadBytes Fetch(PayloadReference reference)
    {
        if (prefetched is not { } ready || ready.Reference != reference)
        {
            return bundle.ReadPayload(reference);
        }

        prefetched = null;
        ready.Parsed?.Dispose();
        return ready.Bytes ?? throw ready.Error!;
    }

    // What is to be mended, or begins with what JSON does not, goes the longer way.
    private (PayloadBytes? Bytes, JsonDocument? Parsed) TakeParsed(PayloadReference reference)
    {
        if (prefetched is not { Bytes.HasByteOrderMark: false, Parsed: not null } ready || ready.Reference != reference || MendsText)
        {
            return default;
        }

        prefetched = null;
        return (ready.Bytes, ready.Parsed);
    }

    private static string MessageOf(PayloadReference reference, BundleException e) => $"payload {reference.RawPayloadId}: {e.Message}";
}

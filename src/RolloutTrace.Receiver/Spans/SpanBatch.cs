using System.Runtime.InteropServices;
using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.GenAI;
using RolloutTrace.Import.Spans;
using RolloutTrace.Wire;

namespace RolloutTrace.Receiver.Spans;

/// <summary>The spans of one request, or the messages that were logged for spans, by trace.</summary>
internal sealed class SpanBatch
{
    private static readonly JsonDocumentOptions JsonOptions = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    private readonly Dictionary<string, TraceSpans> traces = new(StringComparer.Ordinal);

    private SpanBatch()
    {
    }

    public IReadOnlyCollection<TraceSpans> Traces => traces.Values;

    /// <summary>How many spans cannot be taken, now or later.</summary>
    public long Rejected { get; private set; }

    /// <summary>Why the first of them cannot; null if there are none.</summary>
    public string? Reason { get; private set; }

    private delegate void Adding(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> resource, ReadOnlySpan<byte> scope);

    /// <summary>Reads a request of spans.</summary>
    /// <exception cref="InvalidDataException">It is no such message.</exception>
    public static SpanBatch Read(ReadOnlyMemory<byte> message, bool isJson)
    {
        var batch = new SpanBatch();
        if (isJson)
        {
            batch.ReadJson(message);
        }
        else
        {
            ReadProtobuf(message.Span, batch.AddProtobuf);
        }

        return batch;
    }

    /// <summary>Reads a request of log records: those that are messages for a span.</summary>
    /// <exception cref="InvalidDataException">It is no such message.</exception>
    public static SpanBatch ReadLogs(ReadOnlyMemory<byte> message, bool isJson)
    {
        var batch = new SpanBatch();
        if (isJson)
        {
            batch.ReadJsonLogs(message);
        }
        else
        {
            ReadProtobuf(message.Span, batch.AddProtobufLog);
        }

        return batch;
    }

    // Spans and log records stand in the same frame.
    private static void ReadProtobuf(ReadOnlySpan<byte> message, Adding add)
    {
        var export = new ProtobufFields(message);
        while (export.MoveNext())
        {
            if (export.Number == 1)
            {
                ReadResource(export.Bytes, add);
            }
        }
    }

    private static void ReadResource(ReadOnlySpan<byte> message, Adding add)
    {
        var resource = FieldOf(message, 1);
        var fields = new ProtobufFields(message);
        while (fields.MoveNext())
        {
            if (fields.Number is 2 or 1000)
            {
                ReadScope(fields.Bytes, resource, add);
            }
        }
    }

    private static void ReadScope(ReadOnlySpan<byte> message, ReadOnlySpan<byte> resource, Adding add)
    {
        var scope = FieldOf(message, 1);
        var fields = new ProtobufFields(message);
        while (fields.MoveNext())
        {
            if (fields.Number == 2)
            {
                add(fields.Bytes, resource, scope);
            }
        }
    }

    private void AddProtobufLog(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> resource, ReadOnlySpan<byte> scope)
    {
        try
        {
            if (OtlpProtobuf.ReadMessage(raw) is var (traceId, _, _))
            {
                Of(traceId).AddProtobufLog(raw, resource, scope);
            }
        }
        catch (InvalidDataException e)
        {
            Reject($"a log record {e.Message}");
        }
    }

    private void AddProtobuf(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> resource, ReadOnlySpan<byte> scope)
    {
        ForeignSpan? span;
        try
        {
            span = OtlpProtobuf.ReadSpan(raw);
        }
        catch (InvalidDataException e)
        {
            Reject($"a span {e.Message}");
            return;
        }

        if (span is null)
        {
            Reject("a span has no ids, or no start");
        }
        else
        {
            Of(span.TraceId).AddProtobuf(span, raw, resource, scope);
        }
    }

    // The last of a field counts; what comes from nowhere has an empty one.
    private static ReadOnlySpan<byte> FieldOf(ReadOnlySpan<byte> message, int number)
    {
        ReadOnlySpan<byte> found = default;
        var fields = new ProtobufFields(message);
        while (fields.MoveNext())
        {
            if (fields.Number == number)
            {
                found = fields.Bytes;
            }
        }

        return found;
    }

    private void ReadJson(ReadOnlyMemory<byte> message)
    {
        using var document = Parse(message);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException("is no JSON object");
        }

        foreach (var resourceSpans in OtlpJson.Entries(Member(document.RootElement, "resourceSpans", "resource_spans")))
        {
            var resource = Member(resourceSpans, "resource");
            var tags = resource.ValueKind == JsonValueKind.Object ? OtlpJson.ReadResource(resource).Attributes : [];
            foreach (var scopeSpans in OtlpJson.Entries(Member(resourceSpans, "scopeSpans", "scope_spans")))
            {
                foreach (var span in OtlpJson.Entries(Member(scopeSpans, "spans")))
                {
                    AddJson(span, tags, resource, Member(scopeSpans, "scope"));
                }
            }
        }
    }

    private void AddJson(JsonElement raw, IReadOnlyList<SpanTag> tags, JsonElement resource, JsonElement scope)
    {
        if (OtlpJson.ReadSpan(raw) is not { } span)
        {
            Reject("a span has no ids, or no start");
        }
        else
        {
            Of(span.TraceId).AddJson(span with { Resource = tags }, JsonMarshal.GetRawUtf8Value(raw), RawOrEmpty(resource), RawOrEmpty(scope));
        }
    }

    private void ReadJsonLogs(ReadOnlyMemory<byte> message)
    {
        using var document = Parse(message);
        foreach (var resourceLogs in OtlpJson.Entries(Member(document.RootElement, "resourceLogs", "resource_logs")))
        {
            foreach (var scopeLogs in OtlpJson.Entries(Member(resourceLogs, "scopeLogs", "scope_logs")))
            {
                foreach (var record in OtlpJson.Entries(Member(scopeLogs, "logRecords", "log_records")))
                {
                    if (OtlpJson.ReadMessage(record) is var (traceId, _, _))
                    {
                        Of(traceId).AddJsonLog(JsonMarshal.GetRawUtf8Value(record), RawOrEmpty(Member(resourceLogs, "resource")), RawOrEmpty(Member(scopeLogs, "scope")));
                    }
                }
            }
        }
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> message)
    {
        try
        {
            return JsonDocument.Parse(message, JsonOptions);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"is no JSON: {e.Message}", e);
        }
    }

    private static JsonElement Member(JsonElement parent, string name, string? otherName = null) =>
        JsonText.Member(parent, name) is { ValueKind: not JsonValueKind.Undefined } value || otherName is null ? JsonText.Member(parent, name) : JsonText.Member(parent, otherName);

    private static ReadOnlySpan<byte> RawOrEmpty(JsonElement value) => value.ValueKind == JsonValueKind.Object ? JsonMarshal.GetRawUtf8Value(value) : "{}"u8;

    private TraceSpans Of(string traceId)
    {
        if (!traces.TryGetValue(traceId, out var trace))
        {
            traces.Add(traceId, trace = new TraceSpans(traceId));
        }

        return trace;
    }

    private void Reject(string reason)
    {
        Rejected++;
        Reason ??= reason;
    }
}

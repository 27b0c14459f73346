using System.Runtime.InteropServices;
using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.GenAI;
using RolloutTrace.Import.Spans;
using RolloutTrace.Wire;

namespace RolloutTrace.Receiver.Spans;

/// <summary>The spans of one request, by trace.</summary>
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

    /// <summary>Reads a request.</summary>
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
            batch.ReadProtobuf(message.Span);
        }

        return batch;
    }

    private void ReadProtobuf(ReadOnlySpan<byte> message)
    {
        var export = new ProtobufFields(message);
        while (export.MoveNext())
        {
            if (export.Number == 1)
            {
                ReadResource(export.Bytes);
            }
        }
    }

    private void ReadResource(ReadOnlySpan<byte> message)
    {
        var resource = FieldOf(message, 1);
        var fields = new ProtobufFields(message);
        while (fields.MoveNext())
        {
            if (fields.Number is 2 or 1000)
            {
                ReadScope(fields.Bytes, resource);
            }
        }
    }

    private void ReadScope(ReadOnlySpan<byte> message, ReadOnlySpan<byte> resource)
    {
        var scope = FieldOf(message, 1);
        var fields = new ProtobufFields(message);
        while (fields.MoveNext())
        {
            if (fields.Number == 2)
            {
                AddProtobuf(fields.Bytes, resource, scope);
            }
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
            Of(span).AddProtobuf(span, raw, resource, scope);
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
            Of(span).AddJson(span with { Resource = tags }, JsonMarshal.GetRawUtf8Value(raw), RawOrEmpty(resource), RawOrEmpty(scope));
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

    private TraceSpans Of(ForeignSpan span)
    {
        if (!traces.TryGetValue(span.TraceId, out var trace))
        {
            traces.Add(span.TraceId, trace = new TraceSpans(span.TraceId));
        }

        return trace;
    }

    private void Reject(string reason)
    {
        Rejected++;
        Reason ??= reason;
    }
}

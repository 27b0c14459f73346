using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using RolloutTrace.Analysis;

namespace RolloutTrace.Cli;

/// <summary>Writes spans as OTLP JSON, one <c>ExportTraceServiceRequest</c> a line.</summary>
internal static class OtlpJsonLines
{
    // The Collector's file receiver cuts off lines longer than 1 MiB by default.
    private const int MaxSpanBytes = 1_000_000;

    private const int Internal = 1;
    private const int Client = 3;
    private const int Error = 2;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Stream output, IReadOnlyList<RolloutSpan> spans, string serviceName)
    {
        foreach (var batch in SizedBatches.Of(spans.Select(static span => SizedSpan.Of(span, MaxSpanBytes - 1, Span)), static span => span.Length + 1, MaxSpanBytes))
        {
            using (var json = new Utf8JsonWriter(output, Options))
            {
                Write(json, batch, serviceName);
            }

            output.Write("\n"u8);
        }
    }

    private static ReadOnlyMemory<byte> Span(RolloutSpan span)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            WriteSpan(json, span);
        }

        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<ReadOnlyMemory<byte>> spans, string serviceName)
    {
        json.WriteStartObject();
        json.WriteStartArray("resourceSpans");
        json.WriteStartObject();
        json.WriteStartObject("resource");
        WriteAttributes(json, [new("service.name", serviceName)]);
        json.WriteEndObject();
        json.WriteStartArray("scopeSpans");
        json.WriteStartObject();
        json.WriteStartObject("scope");
        json.WriteString("name", RolloutActivitySource.Name);
        json.WriteString("version", RolloutActivitySource.Version);
        json.WriteEndObject();
        json.WriteStartArray("spans");
        foreach (var span in spans)
        {
            json.WriteRawValue(span.Span, skipInputValidation: true);
        }

        json.WriteEndArray();
        json.WriteString("schemaUrl", RolloutActivitySource.SchemaUrl);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSpan(Utf8JsonWriter json, RolloutSpan span)
    {
        json.WriteStartObject();
        json.WriteString("traceId", span.Reference.TraceId);
        json.WriteString("spanId", span.Reference.SpanId);
        if (span.Parent is { } parent)
        {
            json.WriteString("parentSpanId", parent.SpanId);
        }

        json.WriteString("name", span.Name);
        json.WriteNumber("kind", span.IsClient ? Client : Internal);
        json.WriteString("startTimeUnixNano", Nanoseconds(span.StartUnixNs));
        json.WriteString("endTimeUnixNano", Nanoseconds(span.EndUnixNs));
        WriteAttributes(json, span.Attributes);
        if (span.Exception is { } exception)
        {
            json.WriteStartArray("events");
            json.WriteStartObject();
            json.WriteString("timeUnixNano", Nanoseconds(span.EndUnixNs));
            json.WriteString("name", "exception");
            WriteAttributes(json, [new("exception.type", exception.Type), new("exception.message", exception.Message)]);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        if (span.Links.Count > 0)
        {
            json.WriteStartArray("links");
            foreach (var link in span.Links)
            {
                json.WriteStartObject();
                json.WriteString("traceId", link.Target.TraceId);
                json.WriteString("spanId", link.Target.SpanId);
                WriteAttributes(json, link.EdgeId is null
                    ? [new(RolloutAttributes.Link.Kind, KindName.Of(link.Kind))]
                    : [new(RolloutAttributes.Link.Kind, KindName.Of(link.Kind)), new(RolloutAttributes.Edge.Id, link.EdgeId)]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteStartObject("status");
        if (span.IsError)
        {
            json.WriteNumber("code", Error);
            if (span.StatusDescription is { } words)
            {
                json.WriteString("message", words);
            }
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteAttributes(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, object>> attributes)
    {
        json.WriteStartArray("attributes");
        foreach (var (key, value) in attributes)
        {
            json.WriteStartObject();
            json.WriteString("key", key);
            json.WriteStartObject("value");
            switch (value)
            {
                case string text:
                    json.WriteString("stringValue", text);
                    break;
                case bool flag:
                    json.WriteBoolean("boolValue", flag);
                    break;
                case long number:
                    json.WriteString("intValue", number.ToString(CultureInfo.InvariantCulture));
                    break;
                case double number:
                    json.WriteNumber("doubleValue", number);
                    break;
                case string[] texts:
                    json.WriteStartObject("arrayValue");
                    json.WriteStartArray("values");
                    foreach (var entry in texts)
                    {
                        json.WriteStartObject();
                        json.WriteString("stringValue", entry);
                        json.WriteEndObject();
                    }

                    json.WriteEndArray();
                    json.WriteEndObject();
                    break;
                default:
                    throw new ArgumentException($"an attribute of type {value.GetType()}", nameof(attributes));
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Nanoseconds(long ns) => ns.ToString(CultureInfo.InvariantCulture);
}

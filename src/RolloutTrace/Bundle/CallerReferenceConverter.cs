using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using RolloutTrace.Wire;

namespace RolloutTrace.Bundle;

/// <summary>
/// Reads and writes who called. The member may be anybody's: what is not of its shape is left out, and of any other shape it is
/// ignored, as if it were not there.
/// </summary>
internal sealed class CallerReferenceConverter : JsonConverter<CallerReference>
{
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    public override CallerReference? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return Of(document.RootElement);
    }

    public override void Write(Utf8JsonWriter writer, CallerReference value, JsonSerializerOptions options) => Write(writer, value);

    /// <summary>What an element says; null if that is nothing.</summary>
    internal static CallerReference? Of(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var caller = new CallerReference
        {
            RolloutId = JsonText.MemberOrNull(element, "rollout_id"),
            ThreadId = JsonText.MemberOrNull(element, "thread_id"),
            ToolCallId = JsonText.MemberOrNull(element, "tool_call_id"),
            Otel = element.TryGetProperty("otel"u8, out var otel) ? SpanOf(otel) : null,
        };
        return caller.IsEmpty ? null : caller;
    }

    /// <summary>The span that an element names; null if it names none.</summary>
    internal static SpanReference? SpanOf(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object
        && JsonText.MemberOrNull(element, "trace_id") is { Length: 32 } traceId
        && JsonText.MemberOrNull(element, "span_id") is { Length: 16 } spanId
        && !traceId.AsSpan().ContainsAnyExcept(Hex)
        && !spanId.AsSpan().ContainsAnyExcept(Hex)
            ? new SpanReference { TraceId = traceId, SpanId = spanId }
            : null;

    internal static void Write(Utf8JsonWriter json, CallerReference caller)
    {
        json.WriteStartObject();
        WriteText(json, "rollout_id"u8, caller.RolloutId);
        WriteText(json, "thread_id"u8, caller.ThreadId);
        WriteText(json, "tool_call_id"u8, caller.ToolCallId);
        if (caller.Otel is { } span)
        {
            json.WriteStartObject("otel"u8);
            json.WriteString("trace_id"u8, span.TraceId);
            json.WriteString("span_id"u8, span.SpanId);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>The member behind the others on a line in canonical form.</summary>
    internal static CallerReference Read(ref CanonicalJson json)
    {
        json.Literal("{"u8);
        var (rolloutId, threadId, toolCallId) = (Member(ref json, "\"rollout_id\":"u8), Member(ref json, "\"thread_id\":"u8), Member(ref json, "\"tool_call_id\":"u8));
        SpanReference? span = null;
        if (json.TryLiteral("\"otel\":{\"trace_id\":"u8))
        {
            var traceId = json.Text();
            json.Literal(",\"span_id\":"u8);
            span = new SpanReference { TraceId = traceId, SpanId = json.Text() };
            json.Literal("}"u8);
        }

        json.Literal("}"u8);
        return new CallerReference { RolloutId = rolloutId, ThreadId = threadId, ToolCallId = toolCallId, Otel = span };
    }

    private static string? Member(ref CanonicalJson json, ReadOnlySpan<byte> name)
    {
        if (!json.TryLiteral(name))
        {
            return null;
        }

        var text = json.Text();
        json.TryLiteral(","u8);
        return text;
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
        {
            json.WriteString(name, text);
        }
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>
/// The OpenTelemetry span that an event comes from. With what it says beyond the event, the span can be made again from the bundle.
/// </summary>
public sealed record EventSpan
{
    private readonly IReadOnlyDictionary<string, JsonElement>? attributes;

    /// <summary>W3C trace id, 32 lower-case hexadecimal digits.</summary>
    public required string TraceId { get; init; }

    /// <summary>W3C span id, 16 lower-case hexadecimal digits.</summary>
    public required string SpanId { get; init; }

    /// <summary>Id of the parent's span, at a start where the event does not tell the parent; left out otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ParentSpanId { get; init; }

    /// <summary>
    /// Attributes of the span that no event has a member for, such as the type of an error; left out if there are none. Later events of
    /// a span repeat those of the earlier ones. They never hold message content.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, JsonElement>? Attributes
    {
        get => attributes ?? Carried?.ToJson();
        init => attributes = value;
    }

    /// <summary>The attributes in the form in which a recorder has them, from which they are written without a detour.</summary>
    [JsonIgnore]
    public CarriedAttributes? Carried { get; init; }

    /// <summary>The span's ids alone.</summary>
    [JsonIgnore]
    public SpanReference Reference => new() { TraceId = TraceId, SpanId = SpanId };

    /// <summary>What stands behind the event on a line in canonical form, up to the end of the object.</summary>
    internal static EventSpan Read(ref CanonicalJson json)
    {
        json.Literal("{\"trace_id\":"u8);
        var traceId = json.Text();
        json.Literal(",\"span_id\":"u8);
        var span = new EventSpan
        {
            TraceId = traceId,
            SpanId = json.Text(),
            ParentSpanId = json.TryLiteral(",\"parent_span_id\":"u8) ? json.Text() : null,
            Attributes = json.TryLiteral(",\"attributes\":"u8) ? json.ShallowObject(end: "}}"u8) : null,
        };
        json.Literal("}"u8);
        return span;
    }

    internal void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("trace_id"u8, TraceId);
        json.WriteString("span_id"u8, SpanId);
        if (ParentSpanId is not null)
        {
            json.WriteString("parent_span_id"u8, ParentSpanId);
        }

        WriteAttributes(json);
        json.WriteEndObject();
    }

    private void WriteAttributes(Utf8JsonWriter json)
    {
        if (Carried is null && attributes is null)
        {
            return;
        }

        json.WriteStartObject("attributes"u8);
        if (Carried is not null)
        {
            Carried.WriteTo(json);
        }
        else
        {
            foreach (var (name, value) in attributes!)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }
        }

        json.WriteEndObject();
    }
}

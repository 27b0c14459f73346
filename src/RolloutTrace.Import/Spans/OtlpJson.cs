using System.Text.Json;
using RolloutTrace.GenAI;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Spans;

/// <summary>
/// OTLP's messages as JSON. Numbers may be texts, ids hexadecimal or base64, enumerations numbers or names, names of members in camelCase or
/// with underscores: all of that is written by some SDK. Nothing refers to the document afterwards.
/// </summary>
internal static class OtlpJson
{
    private const int TraceIdBytes = 16;
    private const int SpanIdBytes = 8;

    public static OtlpResource ReadResource(JsonElement resource) => new(ReadAttributes(Member(resource, "attributes")));

    public static OtlpScope ReadScope(JsonElement scope) => new(Text(Member(scope, "name")) ?? "", Text(Member(scope, "version")) is { Length: > 0 } version ? version : null);

    /// <summary>A span without its scope and resource; null if it has no ids, or no time.</summary>
    public static ForeignSpan? ReadSpan(JsonElement span)
    {
        var traceId = SpanText.Id(Text(Member(span, "traceId", "trace_id")), TraceIdBytes);
        var spanId = SpanText.Id(Text(Member(span, "spanId", "span_id")), SpanIdBytes);
        var end = Time(Member(span, "endTimeUnixNano", "end_time_unix_nano"));

        // A start that is left out, or zero, was no later than what is known to have happened.
        var known = Time(Member(span, "startTimeUnixNano", "start_time_unix_nano"))
            ?? Entries(Member(span, "events")).Select(static e => Time(Member(e, "timeUnixNano", "time_unix_nano"))).FirstOrDefault(static time => time is not null)
            ?? end;
        if (traceId is null || spanId is null || known is not { } start)
        {
            return null;
        }

        var status = Member(span, "status");
        return new ForeignSpan
        {
            TraceId = traceId,
            SpanId = spanId,
            ParentSpanId = SpanText.Id(Text(Member(span, "parentSpanId", "parent_span_id")), SpanIdBytes),
            Name = Text(Member(span, "name")) ?? "",
            Kind = Member(span, "kind") is { ValueKind: JsonValueKind.Number } kind ? SpanText.Kind(Number(kind)) : SpanText.Kind(Text(Member(span, "kind"))),
            Start = start,
            End = end,
            Status = Member(status, "code") is { ValueKind: JsonValueKind.Number } code ? SpanText.Status(Number(code)) : SpanText.Status(Text(Member(status, "code"))),
            StatusDescription = Text(Member(status, "message")) is { Length: > 0 } words ? words : null,
            Attributes = ReadAttributes(Member(span, "attributes")),
            Events = [.. Entries(Member(span, "events")).Select(e => new SpanEvent(
                Text(Member(e, "name")) ?? "",
                Time(Member(e, "timeUnixNano", "time_unix_nano")) ?? start,
                ReadAttributes(Member(e, "attributes"))))],
            Links = [.. Entries(Member(span, "links")).Select(static link => new SpanLink(
                SpanText.Id(Text(Member(link, "traceId", "trace_id")), TraceIdBytes) ?? "",
                SpanText.Id(Text(Member(link, "spanId", "span_id")), SpanIdBytes) ?? "",
                ReadAttributes(Member(link, "attributes"))))],
        };
    }

    /// <summary>A log record that is an event of the GenAI conventions, for a span; null if it is another one.</summary>
    public static (string TraceId, string SpanId, SpanEvent Event)? ReadMessage(JsonElement record)
    {
        var attributes = ReadAttributes(Member(record, "attributes"));
        return SpanText.LoggedMessage(
            SpanText.Id(Text(Member(record, "traceId", "trace_id")), TraceIdBytes),
            SpanText.Id(Text(Member(record, "spanId", "span_id")), SpanIdBytes),
            Text(Member(record, "eventName", "event_name")),
            attributes,
            OtlpValue.Read(Member(record, "body")),
            Time(Member(record, "timeUnixNano", "time_unix_nano")),
            Time(Member(record, "observedTimeUnixNano", "observed_time_unix_nano")));
    }

    /// <summary>Attributes: a list of keys with values, or an object.</summary>
    public static List<SpanTag> ReadAttributes(JsonElement attributes)
    {
        var tags = new List<SpanTag>();
        if (attributes.ValueKind == JsonValueKind.Object)
        {
            tags.AddRange(attributes.EnumerateObject().Select(static member => new SpanTag(JsonText.Name(member, out _), OtlpValue.Read(member.Value))));
            return tags;
        }

        foreach (var entry in Entries(attributes))
        {
            if (Text(Member(entry, "key")) is { } key)
            {
                tags.Add(new SpanTag(key, OtlpValue.Read(Member(entry, "value"))));
            }
        }

        return tags;
    }

    /// <summary>The entries of a list; none if it is no list.</summary>
    public static IEnumerable<JsonElement> Entries(JsonElement list) => list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    private static JsonElement Member(JsonElement parent, string name, string? otherName = null) =>
        JsonText.Member(parent, name) is { ValueKind: not JsonValueKind.Undefined } value || otherName is null ? JsonText.Member(parent, name) : JsonText.Member(parent, otherName);

    private static string? Text(JsonElement value) => JsonText.Read(value, out _);

    private static long Number(JsonElement value) => value.TryGetInt64(out var number) ? number : 0;

    // As text, as an integer, or as a number that some serializer has made of it.
    private static DateTimeOffset? Time(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => SpanText.Time(Text(value)),
        JsonValueKind.Number when value.TryGetUInt64(out var nanoseconds) => SpanText.Time(nanoseconds),
        JsonValueKind.Number when value.TryGetDouble(out var nanoseconds) && nanoseconds is >= 0 and <= ulong.MaxValue => SpanText.Time((ulong)nanoseconds),
        _ => null,
    };
}

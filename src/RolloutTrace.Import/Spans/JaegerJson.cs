using System.Diagnostics;
using System.Text.Json;
using RolloutTrace.GenAI;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Spans;

/// <summary>Jaeger's own model of spans in JSON. What OpenTelemetry has members for stands in tags there.</summary>
internal static class JaegerJson
{
    private const int TraceIdBytes = 16;
    private const int SpanIdBytes = 8;
    private const long TicksPerMicrosecond = 10;

    /// <summary>What a process says of itself.</summary>
    public static IReadOnlyList<SpanTag> ReadProcess(JsonElement process)
    {
        var tags = ReadTags(JsonText.Member(process, "tags"));
        if (JsonText.Read(JsonText.Member(process, "serviceName"), out _) is { } service)
        {
            tags.Insert(0, new SpanTag("service.name", service));
        }

        return tags;
    }

    /// <summary>Whether a span says when it began.</summary>
    public static bool HasStart(JsonElement span) => Time(span, "startTime") is not null;

    /// <summary>When the first of the spans began that say so; null if none does.</summary>
    public static long? StartOfTrace(JsonElement spans) => OtlpJson.Entries(spans).Min(static span => Time(span, "startTime"));

    /// <summary>A span without its resource; null if it has no ids, or nothing tells when it was.</summary>
    /// <param name="span">The span.</param>
    /// <param name="startOfTrace">When it is taken to have begun if nothing in it tells, in microseconds; null if that is not known.</param>
    public static ForeignSpan? ReadSpan(JsonElement span, long? startOfTrace = null)
    {
        var traceId = SpanText.Id(JsonText.MemberOrNull(span, "traceID"), TraceIdBytes);
        var spanId = SpanText.Id(JsonText.MemberOrNull(span, "spanID"), SpanIdBytes);
        if (traceId is null || spanId is null || (Time(span, "startTime") ?? OtlpJson.Entries(JsonText.Member(span, "logs")).Min(static log => Time(log, "timestamp")) ?? startOfTrace) is not { } start)
        {
            return null;
        }

        var tags = ReadTags(JsonText.Member(span, "tags"));
        var references = OtlpJson.Entries(JsonText.Member(span, "references")).Select(static reference => (
            IsParent: JsonText.MemberOrNull(reference, "refType") is "CHILD_OF",
            TraceId: SpanText.Id(JsonText.MemberOrNull(reference, "traceID"), TraceIdBytes) ?? "",
            SpanId: SpanText.Id(JsonText.MemberOrNull(reference, "spanID"), SpanIdBytes) ?? "")).ToList();
        var parent = references.FindIndex(reference => reference.IsParent && reference.TraceId == traceId);
        var started = Time(start);
        return new ForeignSpan
        {
            TraceId = traceId,
            SpanId = spanId,
            ParentSpanId = parent >= 0 ? references[parent].SpanId : SpanText.Id(JsonText.MemberOrNull(span, "parentSpanID"), SpanIdBytes),
            Name = JsonText.Read(JsonText.Member(span, "operationName"), out _) ?? "",
            SourceName = Take(tags, "otel.scope.name") ?? Take(tags, "otel.library.name") ?? "",
            SourceVersion = Take(tags, "otel.scope.version") ?? Take(tags, "otel.library.version"),
            Kind = SpanText.Kind(Take(tags, "span.kind")),
            Start = started,
            End = Number(span, "duration") is >= 0 and var duration && duration < long.MaxValue / TicksPerMicrosecond - start ? Time(start + duration) : null,
            Status = StatusOf(tags),
            StatusDescription = Take(tags, "otel.status_description"),
            Events = [.. OtlpJson.Entries(JsonText.Member(span, "logs")).Select(ReadLog)],
            Links = [.. references.Where((_, i) => i != parent).Select(static reference => new SpanLink(reference.TraceId, reference.SpanId, []))],
            Attributes = tags,
        };

        SpanEvent ReadLog(JsonElement log)
        {
            var fields = ReadTags(JsonText.Member(log, "fields"));
            return new SpanEvent(Take(fields, "event") ?? Take(fields, "name") ?? "", Time(log, "timestamp") is { } at ? Time(at) : started, fields);
        }
    }

    private static long? Time(JsonElement parent, string name) => Number(parent, name) is > 0 and < long.MaxValue / TicksPerMicrosecond and var time ? time : null;

    // The status is a tag, and a failure one more.
    private static ActivityStatusCode StatusOf(List<SpanTag> tags)
    {
        var status = SpanText.Status(Take(tags, "otel.status_code"));
        var isError = tags.RemoveAll(static tag => tag is { Name: "error", Value: true or "true" }) > 0;
        return isError ? ActivityStatusCode.Error : status;
    }

    private static List<SpanTag> ReadTags(JsonElement tags)
    {
        var read = new List<SpanTag>();
        foreach (var tag in OtlpJson.Entries(tags))
        {
            if (JsonText.Read(JsonText.Member(tag, "key"), out _) is { } key)
            {
                read.Add(new SpanTag(key, OtlpValue.Typed(JsonText.MemberOrNull(tag, "type"), JsonText.Member(tag, "value"))));
            }
        }

        return read;
    }

    private static string? Take(List<SpanTag> tags, string name)
    {
        var index = tags.FindIndex(tag => tag.Name == name && tag.Value is string);
        if (index < 0)
        {
            return null;
        }

        var value = (string)tags[index].Value!;
        tags.RemoveAt(index);
        return value;
    }

    private static DateTimeOffset Time(long microseconds) =>
        microseconds > (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks / TicksPerMicrosecond ? DateTimeOffset.MaxValue : DateTimeOffset.UnixEpoch.AddTicks(microseconds * TicksPerMicrosecond);

    private static long? Number(JsonElement span, string name) => JsonText.Member(span, name) switch
    {
        { ValueKind: JsonValueKind.Number } value when value.TryGetInt64(out var number) => number,
        { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out var number) && Math.Abs(number) < long.MaxValue => (long)number,
        { ValueKind: JsonValueKind.String } value when long.TryParse(JsonText.OrNull(value), out var number) => number,
        _ => null,
    };
}

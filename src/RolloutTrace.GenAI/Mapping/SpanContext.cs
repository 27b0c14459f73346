using System.Buffers;
using System.Text.Json;
using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>The envelope of an event that comes from a span of somebody else.</summary>
internal static class SpanContext
{
    // Those that no event has a member for; none of them is content.
    private static readonly string[] AtStart = ["gen_ai.agent.name", "gen_ai.request.model", "gen_ai.request.previous_response.id", "gen_ai.tool.type"];

    // Of a span's events the last one with attributes counts, so it repeats those of the ones before.
    private static readonly string[] AtEnd = [.. AtStart, "error.type", "gen_ai.response.model", "gen_ai.response.finish_reasons"];

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    public static RolloutEventContext Start(TurnState turn, SpanReading reading, DateTimeOffset? time = null) =>
        Of(turn.Thread!.ThreadId, turn.TurnId, reading, time ?? reading.Span.Start, AtStart);

    public static RolloutEventContext End(TurnState turn, SpanReading reading, DateTimeOffset? time = null) =>
        Of(turn.Thread!.ThreadId, turn.TurnId, reading, time ?? reading.Span.End ?? reading.Span.Start, AtEnd);

    /// <summary>The same of a call whose asker is known: that stands beside it, since items may not tell it.</summary>
    public static RolloutEventContext CausedBy(in RolloutEventContext context, SpanKey? asker) =>
        asker is { } request && IsHex(request.TraceId, 32) && IsHex(request.SpanId, 16) && context.ForeignSpan is { } span
            ? context with { ForeignSpan = span with { Carried = CarriedAttributes.Add(span.Carried, RolloutAttributes.Link.Prefix + RolloutLinkKinds.CausedBy, $"{request.TraceId}-{request.SpanId}") } }
            : context;

    /// <summary>Of an event about a thread, outside its turns.</summary>
    public static RolloutEventContext OfThread(string? threadId, DateTimeOffset time) => new(threadId, TurnId: null, Span: null) { WallTimeUnixMs = Milliseconds(time) };

    public static long Milliseconds(DateTimeOffset time) => Math.Max(0, time.ToUnixTimeMilliseconds());

    private static RolloutEventContext Of(string threadId, string turnId, SpanReading reading, DateTimeOffset time, string[] names) =>
        new(threadId, turnId, Span: null) { WallTimeUnixMs = Milliseconds(time), ForeignSpan = SpanOf(reading, names) };

    // Ids of another shape are no span to OpenTelemetry.
    private static EventSpan? SpanOf(SpanReading reading, string[] names)
    {
        var span = reading.Span;
        if (!IsHex(span.TraceId, 32) || !IsHex(span.SpanId, 16))
        {
            return null;
        }

        CarriedAttributes? carried = null;
        foreach (var name in names)
        {
            if (reading.Tags.Value(name) is not { } value)
            {
                continue;
            }

            if (name == "gen_ai.response.finish_reasons" && JsonValue.Json(value) is { ValueKind: JsonValueKind.Array } list)
            {
                carried = CarriedAttributes.Add(carried, name, list.EnumerateArray().Select(static word => EventText.Name(JsonValue.Text(word))).Take(16).ToArray());
            }
            else if (EventText.NameOrNull(JsonValue.Text(value)) is { } text)
            {
                carried = CarriedAttributes.Add(carried, name, text);
            }
        }

        return new EventSpan
        {
            TraceId = span.TraceId,
            SpanId = span.SpanId,
            ParentSpanId = ReferenceEquals(names, AtStart) && span.ParentSpanId is { } parent && IsHex(parent, 16) ? parent : null,
            Carried = carried,
        };
    }

    private static bool IsHex(string id, int length) => id.Length == length && !id.AsSpan().ContainsAnyExcept(Hex);
}

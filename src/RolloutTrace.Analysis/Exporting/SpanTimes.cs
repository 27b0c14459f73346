namespace RolloutTrace.Analysis.Exporting;

/// <summary>
/// Gives spans their times. The log has milliseconds, in which much may happen: inside of one, what the causal order has first is earlier.
/// So no span is empty, and none starts before its parent or ends behind it unless it really outlived it, also where a clock stepped back.
/// </summary>
internal static class SpanTimes
{
    private const long NanosecondsPerMillisecond = 1_000_000;

    // Viewers show microseconds.
    private const long Step = 1000;

    public static IReadOnlyList<RolloutSpan> Settle(IReadOnlyList<SpanDraft> drafts, long lastEventUnixMs)
    {
        var times = TimesOf(drafts);
        var last = Math.Max(Nanoseconds(lastEventUnixMs), times.Count == 0 ? 0 : times.Values.Max() + Step);
        var settled = new Dictionary<string, Settled>(StringComparer.Ordinal);
        var byId = new Dictionary<string, SpanDraft>(StringComparer.Ordinal);
        foreach (var draft in drafts)
        {
            byId.TryAdd(draft.Span.Reference.SpanId, draft);
        }

        return [.. drafts.Select(draft =>
        {
            var (start, end) = Of(draft);
            return draft.Span with { StartUnixNs = start, EndUnixNs = end };
        })];

        Settled Of(SpanDraft draft)
        {
            var id = draft.Span.Reference.SpanId;
            if (settled.TryGetValue(id, out var known))
            {
                return known;
            }

            var start = times[draft.Start];
            var end = draft.End is { } moment ? times[moment] : last;

            // A log may claim that spans are below each other in a circle.
            settled[id] = new Settled(start, Math.Max(end, start + 1));
            if (draft.Span.Parent is { } parent && byId.TryGetValue(parent.SpanId, out var above))
            {
                (start, end) = Inside(start, end, Of(above), Outlives(draft, above));
            }

            return settled[id] = new Settled(start, Math.Max(end, start + 1));
        }
    }

    private static (long Start, long End) Inside(long start, long end, Settled parent, bool outlives)
    {
        if (outlives)
        {
            start = Math.Max(start, parent.Start);
            return (start, Math.Max(end, start + Step));
        }

        start = Math.Clamp(start, parent.Start, Math.Max(parent.Start, parent.End - 1));
        return (start, Math.Clamp(end, start + 1, Math.Max(start + 1, parent.End)));
    }

    private static bool Outlives(SpanDraft draft, SpanDraft parent) =>
        parent.End is { } parentEnd && (draft.End is not { } end || end.CompareOrder(parentEnd) > 0);

    private static Dictionary<SpanMoment, long> TimesOf(IReadOnlyList<SpanDraft> drafts)
    {
        var times = new Dictionary<SpanMoment, long>();
        foreach (var inOne in drafts.SelectMany(static draft => draft.End is { } end ? [draft.Start, end] : new[] { draft.Start })
            .Distinct()
            .GroupBy(static moment => moment.UnixMs))
        {
            var ordered = inOne.Order(SpanMoment.InTime).ToList();
            var step = Math.Min(Step, NanosecondsPerMillisecond / (ordered.Count + 1));
            for (var i = 0; i < ordered.Count; i++)
            {
                times.Add(ordered[i], Nanoseconds(inOne.Key) + (i * step));
            }
        }

        return times;
    }

    // Wall clocks show what they like.
    private static long Nanoseconds(long ms) => Math.Clamp(ms, 0, (long.MaxValue / NanosecondsPerMillisecond) - 1) * NanosecondsPerMillisecond;

    private readonly record struct Settled(long Start, long End);
}

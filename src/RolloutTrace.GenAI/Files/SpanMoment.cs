using RolloutTrace.GenAI.Mapping;

namespace RolloutTrace.GenAI.Files;

/// <summary>The start or the end of a span.</summary>
internal readonly record struct SpanMoment(SpanNode Node, DateTimeOffset Time, bool IsEnd)
{
    /// <summary>By time; at one time what ends comes before what starts, and then the span's id decides.</summary>
    public static IComparer<SpanMoment> Order { get; } = Comparer<SpanMoment>.Create(static (one, other) =>
    {
        var byTime = one.Time.CompareTo(other.Time);
        if (byTime != 0)
        {
            return byTime;
        }

        var byKind = other.IsEnd.CompareTo(one.IsEnd);
        return byKind != 0 ? byKind : Compare(one.Node.Key, other.Node.Key);
    });

    private static int Compare(SpanKey one, SpanKey other)
    {
        var bySpan = string.CompareOrdinal(one.SpanId, other.SpanId);
        return bySpan != 0 ? bySpan : string.CompareOrdinal(one.TraceId, other.TraceId);
    }
}

using System.Diagnostics;
using System.Globalization;

namespace RolloutTrace.GenAI.Tests.Support;

/// <summary>Spans for tests: short names stand for ids, and times are whole milliseconds of one minute.</summary>
internal static class SpanText
{
    private static readonly DateTimeOffset Minute = new(2026, 2, 3, 4, 5, 0, TimeSpan.Zero);

    /// <summary>A span of one trace.</summary>
    /// <param name="name">Its name, whose first word is also its id.</param>
    /// <param name="parent">Its parent's first word; null for none.</param>
    /// <param name="start">When it starts.</param>
    /// <param name="end">When it ends; null if it never does.</param>
    /// <param name="tags">Its attributes.</param>
    public static ForeignSpan Span(string name, string? parent, int start, int? end, params (string Name, object? Value)[] tags) => new()
    {
        TraceId = Id("trace").PadLeft(32, '0'),
        SpanId = Id(name.Split(' ')[0]),
        ParentSpanId = parent is null ? null : Id(parent),
        Name = name,
        SourceName = "tests",
        Kind = ActivityKind.Internal,
        Start = Minute + TimeSpan.FromMilliseconds(start),
        End = end is { } at ? Minute + TimeSpan.FromMilliseconds(at) : null,
        Attributes = [.. tags.Select(tag => new SpanTag(tag.Name, tag.Value))],
        Resource = [new SpanTag("service.name", "shop")],
    };

    public static ForeignSpan InTrace(this ForeignSpan span, string trace) => span with { TraceId = Id(trace).PadLeft(32, '0'), SpanId = Id(trace + span.SpanId) };

    /// <summary>The span in another trace, with its parent.</summary>
    public static ForeignSpan Below(this ForeignSpan span, string trace) => span.InTrace(trace) with { ParentSpanId = Id(trace + span.ParentSpanId) };

    public static SpanEvent Event(string name, params (string Name, object? Value)[] tags) => new(name, Minute, [.. tags.Select(tag => new SpanTag(tag.Name, tag.Value))]);

    public static string Id(string word)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in word)
        {
            hash = (hash ^ letter) * 1099511628211UL;
        }

        return hash.ToString("x16", CultureInfo.InvariantCulture);
    }
}

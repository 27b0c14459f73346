using System.Diagnostics;
using System.Globalization;
using System.Text;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using Shouldly;

namespace RolloutTrace.TestSupport;

/// <summary>
/// Compares the spans that a process has sent with those that are made from its bundle afterwards: whole, but for what only the
/// process could know, which is all named here.
/// </summary>
public static class SpanComparison
{
    private const long TicksPerMillisecond = TimeSpan.TicksPerMillisecond;

    /// <summary>
    /// The bundle's spans are those of the process: the same ids, names, kinds, parents, statuses, attributes and links, in any order.
    /// </summary>
    /// <remarks>
    /// Times: an event is written just after its span has started, and just before it ends, with the time in milliseconds. So the
    /// span that is made of its events lies within the one that was sent. A compaction has no event for its start; it lies within
    /// all the same.
    /// </remarks>
    /// <param name="live">The rollout's spans, ended.</param>
    /// <param name="bundle">The rollout's bundle.</param>
    /// <param name="withContent">Whether the process put message content on its spans.</param>
    public static void ShouldBeMadeAgainFrom(this IEnumerable<Activity> live, string bundle, bool withContent = false)
    {
        var sent = live.Where(static span => span.Source.Name == RolloutActivitySource.Name).OrderBy(static span => span.SpanId.ToHexString(), StringComparer.Ordinal).ToList();
        var reader = BundleReader.Open(bundle);
        var made = RolloutSpans.Of(new RolloutIndex(RolloutReducer.Reduce(reader).Graph), reader, withContent).OrderBy(static span => span.Reference.SpanId, StringComparer.Ordinal).ToList();

        Print(made.Select(Describe)).ShouldBe(Print(sent.Select(Describe)));
        foreach (var (activity, span) in sent.Zip(made))
        {
            var start = activity.StartTimeUtc.Ticks - DateTime.UnixEpoch.Ticks;
            var end = start + activity.Duration.Ticks;
            span.StartUnixMs.ShouldBeInRange(start / TicksPerMillisecond, span.EndUnixMs, span.Name);
            span.EndUnixMs.ShouldBeLessThanOrEqualTo(end / TicksPerMillisecond, span.Name);
        }
    }

    private static string Print(IEnumerable<string> spans) => string.Join('\n', spans);

    private static string Describe(Activity span)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{span.TraceId.ToHexString()}-{span.SpanId.ToHexString()} {span.DisplayName} ({(span.Kind == ActivityKind.Client ? "client" : "internal")})\n");
        text.Append(CultureInfo.InvariantCulture, $"    below {(span.ParentSpanId == default ? "nothing" : span.ParentSpanId.ToHexString())}, {(span.Status == ActivityStatusCode.Error ? "error" : "no error")}\n");
        foreach (var (name, value) in span.TagObjects.OrderBy(static tag => tag.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"    {name} = {Value(value)}\n");
        }

        foreach (var link in span.Links)
        {
            var attributes = string.Join(", ", (link.Tags ?? []).Select(static tag => $"{tag.Key} = {Value(tag.Value)}"));
            text.Append(CultureInfo.InvariantCulture, $"    -> {link.Context.TraceId.ToHexString()}-{link.Context.SpanId.ToHexString()} {attributes}\n");
        }

        return text.ToString();
    }

    private static string Describe(RolloutSpan span)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{span.Reference.TraceId}-{span.Reference.SpanId} {span.Name} ({(span.IsClient ? "client" : "internal")})\n");
        text.Append(CultureInfo.InvariantCulture, $"    below {span.Parent?.SpanId ?? "nothing"}, {(span.IsError ? "error" : "no error")}\n");
        foreach (var (name, value) in span.Attributes)
        {
            text.Append(CultureInfo.InvariantCulture, $"    {name} = {Value(value)}\n");
        }

        foreach (var link in span.Links)
        {
            var edge = link.EdgeId is null ? "" : $", {RolloutAttributes.Edge.Id} = {link.EdgeId}";
            text.Append(CultureInfo.InvariantCulture, $"    -> {link.Target.TraceId}-{link.Target.SpanId} {RolloutAttributes.Link.Kind} = {link.Kind}{edge}\n");
        }

        return text.ToString();
    }

    private static string Value(object? value) => value switch
    {
        string[] texts => $"[{string.Join(", ", texts)}]",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null",
    };
}

using System.Collections;
using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace RolloutTrace.TestSupport;

/// <summary>Prints spans whole, in the order given: names, kinds, parents, traces, status, attributes, links.</summary>
public static partial class SpanPrinter
{
    public static string Print(IReadOnlyList<Activity> spans)
    {
        var labels = Labels(spans);
        var traces = new Dictionary<ActivityTraceId, int>();
        var text = new StringBuilder();
        foreach (var span in spans)
        {
            Print(span, labels, traces, text);
        }

        return text.ToString();
    }

    /// <summary>A name for each span: its own, numbered where it occurs more than once.</summary>
    public static IReadOnlyDictionary<ActivitySpanId, string> Labels(IReadOnlyList<Activity> spans)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var labels = new Dictionary<ActivitySpanId, string>();
        foreach (var span in spans)
        {
            var number = counts[span.DisplayName] = counts.GetValueOrDefault(span.DisplayName) + 1;
            labels[span.SpanId] = number == 1 ? span.DisplayName : $"{span.DisplayName} #{number}";
        }

        return labels;
    }

    private static void Print(Activity span, IReadOnlyDictionary<ActivitySpanId, string> labels, Dictionary<ActivityTraceId, int> traces, StringBuilder text)
    {
        if (!traces.TryGetValue(span.TraceId, out var trace))
        {
            traces.Add(span.TraceId, trace = traces.Count + 1);
        }

        text.Append(labels[span.SpanId]).Append(" (").Append(span.Kind.ToString().ToLowerInvariant()).Append(") trace ").Append(trace);
        if (span.ParentSpanId != default)
        {
            text.Append(" below ").Append(Label(labels, span.ParentSpanId));
        }

        if (span.Status != ActivityStatusCode.Unset)
        {
            text.Append(" status ").Append(span.Status.ToString().ToLowerInvariant());
        }

        text.Append('\n');
        foreach (var (name, value) in span.TagObjects.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            text.Append("    ").Append(name).Append(" = ").Append(Value(value, labels)).Append('\n');
        }

        foreach (var link in span.Links)
        {
            text.Append("    -> ").Append(Label(labels, link.Context.SpanId));
            foreach (var (name, value) in link.Tags ?? [])
            {
                text.Append(' ').Append(name).Append('=').Append(Value(value, labels));
            }

            text.Append('\n');
        }
    }

    private static string Label(IReadOnlyDictionary<ActivitySpanId, string> labels, ActivitySpanId id) =>
        labels.TryGetValue(id, out var label) ? label : $"<unknown span {id}>";

    private static string Value(object? value, IReadOnlyDictionary<ActivitySpanId, string> labels) => value switch
    {
        null => "null",
        bool flag => flag ? "true" : "false",
        string text => Reference().Replace(text, match => $"<{Label(labels, ActivitySpanId.CreateFromString(match.Groups["span"].ValueSpan))}>"),
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>())}]",
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
    };

    [GeneratedRegex("[0-9a-f]{32}-(?<span>[0-9a-f]{16})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Reference();
}

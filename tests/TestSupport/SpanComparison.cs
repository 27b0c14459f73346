using System.Diagnostics;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using Shouldly;

namespace RolloutTrace.TestSupport;

/// <summary>
/// Compares the spans that a process has ended with those that are made from its bundle, and with those that a receiver got:
/// whole, but for what only the process could know, which is all named here.
/// </summary>
public static class SpanComparison
{
    private const long NanosecondsPerMillisecond = 1_000_000;

    // What the format has no event for: a compaction that was given up. Only its requests, if there are any, tell of it.
    private static readonly string[] UnknownOfGivenUpCompactions =
        [RolloutAttributes.Status, RolloutAttributes.Error.Type];

    /// <summary>
    /// The bundle's spans are those of the process: the same ids, names, kinds, parents, statuses, attributes and links, in any order.
    /// </summary>
    /// <remarks>
    /// Times: an event is written just after its span has started, and just before it ends, with the time in milliseconds. So the
    /// span that is made of its events lies within the one that was sent; a compaction, which has no event for its start, too.
    /// </remarks>
    /// <param name="live">Spans, ended; those of the rollout are compared.</param>
    /// <param name="bundle">The rollout's bundle.</param>
    /// <param name="withContent">Whether the process put message content on its spans.</param>
    public static void ShouldBeMadeAgainFrom(this IEnumerable<Activity> live, string bundle, bool withContent = false)
    {
        var reader = BundleReader.Open(bundle);
        var graph = RolloutReducer.Reduce(reader).Graph;
        var sent = Sorted(live.Where(span => Equals(span.GetTagItem(RolloutAttributes.Id), graph.RolloutId)).Select(ComparableSpan.Of));
        var made = Sorted(RolloutSpans.Of(OpenRollout.Open(reader), new RolloutSpanOptions { WithContent = withContent }).Select(ComparableSpan.Of));
        sent.RemoveAll(span => IsGivenUp(span) && !sent.Exists(other => other.ParentId == span.Id));
        sent = sent.ConvertAll(Known);
        made = made.ConvertAll(Known);

        Differences(sent, made).ShouldBe("");
        foreach (var (original, again) in sent.Zip(made))
        {
            again.StartUnixNs.ShouldBeInRange(Milliseconds(original.StartUnixNs), again.EndUnixNs, again.Name);
            again.EndUnixNs.ShouldBeLessThan(Milliseconds(original.EndUnixNs) + NanosecondsPerMillisecond, again.Name);
        }
    }

    /// <summary>What a receiver got is what the process sent, to the nanosecond.</summary>
    /// <param name="received">Spans as OTLP's message <c>Span</c>; those of the process's traces are compared.</param>
    /// <param name="live">All spans of the process that were to be sent, ended.</param>
    public static void ShouldBeWhatWasSent(this IEnumerable<byte[]> received, IEnumerable<Activity> live)
    {
        var sent = Sorted(live.Select(ComparableSpan.Of));
        var ids = sent.ConvertAll(static span => span.Id);
        var got = Sorted(received.Select(ComparableSpan.OfOtlp).Where(span => ids.Contains(span.Id)));

        Differences(sent, got).ShouldBe("");
        got.ConvertAll(static span => (span.StartUnixNs, span.EndUnixNs)).ShouldBe(sent.ConvertAll(static span => (span.StartUnixNs, span.EndUnixNs)));
    }

    private static bool IsGivenUp(ComparableSpan span) => span.Attributes.GetValueOrDefault(RolloutAttributes.Compaction.Installed) == "false";

    // The log has the words of what went wrong with requests and with what carried out a tool, and of a tool call that gave no result.
    private static bool IsWithoutWords(ComparableSpan span) =>
        !span.IsClient
        && !span.Name.Contains(" tool_runtime ", StringComparison.Ordinal)
        && (!span.Attributes.ContainsKey(RolloutAttributes.Tool.Id) || span.Attributes.ContainsKey(RolloutAttributes.GenAI.ToolCallResult));

    private static ComparableSpan Known(ComparableSpan span)
    {
        if (IsWithoutWords(span))
        {
            span = span with { Description = null, Exception = null };
        }

        if (!IsGivenUp(span))
        {
            return span;
        }

        var known = new SortedDictionary<string, string>(span.Attributes, StringComparer.Ordinal);
        foreach (var name in UnknownOfGivenUpCompactions)
        {
            known.Remove(name);
        }

        return span with { Attributes = known, IsError = false };
    }

    private static List<ComparableSpan> Sorted(IEnumerable<ComparableSpan> spans) => [.. spans.OrderBy(static span => span.Id, StringComparer.Ordinal)];

    /// <summary>The lines that stand on one side alone, below the span that they are of.</summary>
    private static string Differences(List<ComparableSpan> expected, List<ComparableSpan> actual)
    {
        var differences = new List<string>();
        foreach (var id in expected.Concat(actual).Select(static span => span.Id).Distinct(StringComparer.Ordinal))
        {
            var wanted = LinesOf(expected, id);
            var found = LinesOf(actual, id);
            if (!wanted.SequenceEqual(found, StringComparer.Ordinal))
            {
                differences.Add(wanted.Concat(found).First());
                differences.AddRange(wanted.Except(found, StringComparer.Ordinal).Select(static line => $"  - {line}"));
                differences.AddRange(found.Except(wanted, StringComparer.Ordinal).Select(static line => $"  + {line}"));
            }
        }

        return string.Join('\n', differences);
    }

    private static string[] LinesOf(List<ComparableSpan> spans, string id) => [.. spans.Where(span => span.Id == id).SelectMany(static span => span.ToString().Split('\n'))];

    private static long Milliseconds(long nanoseconds) => nanoseconds / NanosecondsPerMillisecond * NanosecondsPerMillisecond;
}

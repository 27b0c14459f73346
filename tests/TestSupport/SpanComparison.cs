using System.Diagnostics;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using Shouldly;

namespace RolloutTrace.TestSupport;

/// <summary>
/// Compares the spans that a process has had with those that are made from its bundle, and with those that a receiver got:
/// whole, but for what only one of them can know, which is all named in <see cref="AllowedDifferences"/>.
/// </summary>
public static class SpanComparison
{
    private const long NanosecondsPerMillisecond = 1_000_000;

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
    public static void ShouldBeMadeAgainFrom(this IEnumerable<Activity> live, string bundle, bool withContent = false) =>
        Compare(live, bundle, withContent, AllowedDifferences.Few);

    /// <summary>As <see cref="ShouldBeMadeAgainFrom"/>, of an agent that does what no sound program does, and leaves much of it without end.</summary>
    /// <inheritdoc cref="ShouldBeMadeAgainFrom"/>
    public static void OfAnyAgentShouldBeMadeAgainFrom(this IEnumerable<Activity> live, string bundle, bool withContent) =>
        Compare(live, bundle, withContent, AllowedDifferences.All);

    /// <summary>What a receiver got is what the process sent, to the nanosecond.</summary>
    /// <param name="received">Spans as OTLP's message <c>Span</c>; those of the process's traces are compared.</param>
    /// <param name="live">All spans of the process that were to be sent, ended.</param>
    public static void ShouldBeWhatWasSent(this IEnumerable<byte[]> received, IEnumerable<Activity> live)
    {
        var sent = Sorted(live.Select(ComparableSpan.Of));
        var ids = sent.ConvertAll(static span => span.Id);
        var got = Sorted(received.Select(ComparableSpan.OfOtlp).Where(span => ids.Contains(span.Id)));

        ShouldNotDiffer(sent, got);
        got.ConvertAll(static span => (span.StartUnixNs, span.EndUnixNs)).ShouldBe(sent.ConvertAll(static span => (span.StartUnixNs, span.EndUnixNs)));
    }

    private static void Compare(IEnumerable<Activity> live, string bundle, bool withContent, IReadOnlyList<AllowedDifference> allowed)
    {
        var rollout = OpenRollout.Open(BundleReader.Open(bundle));
        var others = live.Where(span => Equals(span.GetTagItem(RolloutAttributes.Id), rollout.Graph.RolloutId)).ToList();
        var sent = others.ToDictionary(static span => span.SpanId.ToHexString(), ComparableSpan.Of, StringComparer.Ordinal);
        var made = RolloutSpans.Of(rollout, new RolloutSpanOptions { WithContent = withContent }).Select(ComparableSpan.Of).ToDictionary(static span => span.Id, StringComparer.Ordinal);
        var pairs = sent.Keys.Union(made.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(id => new SpanPair(sent.GetValueOrDefault(id), made.GetValueOrDefault(id))
            {
                Others = others,
                Bundle = bundle,
                HasEnded = others.Exists(span => span.IsStopped && span.SpanId.ToHexString() == id),
            })
            .ToList();
        var rest = pairs.Select(pair => allowed.Aggregate((SpanPair?)pair, static (left, difference) => left is null ? null : difference.Leave(left))).OfType<SpanPair>().ToList();

        ShouldNotDiffer([.. rest.Select(static pair => pair.Live).OfType<ComparableSpan>()], [.. rest.Select(static pair => pair.Made).OfType<ComparableSpan>()]);
        foreach (var pair in rest.Where(static pair => pair.HasEnded))
        {
            var (original, again) = (pair.Live!, pair.Made!);
            again.StartUnixNs.ShouldBeInRange(Milliseconds(original.StartUnixNs), again.EndUnixNs, again.Name);
            if (again.Attributes.ContainsKey(RolloutAttributes.Status))
            {
                again.EndUnixNs.ShouldBeLessThan(Milliseconds(original.EndUnixNs) + NanosecondsPerMillisecond, again.Name);
            }
        }

        MessagesShouldBeTheSame(pairs);
    }

    // Of each thread: every link that the process found, be it on another request; and no other, unless a request shows what it stands for.
    private static void MessagesShouldBeTheSame(List<SpanPair> pairs)
    {
        foreach (var ofThread in pairs.GroupBy(static pair => pair.LiveValue(RolloutAttributes.Thread.Id)))
        {
            MessagesOf(ofThread.Select(static pair => pair.Live)).Except(MessagesOf(ofThread.Select(static pair => pair.Made)), StringComparer.Ordinal).ShouldBeEmpty();
        }
    }

    private static IEnumerable<string> MessagesOf(IEnumerable<ComparableSpan?> spans) => spans
        .OfType<ComparableSpan>()
        .SelectMany(static span => span.Links)
        .Where(static link => AllowedDifferences.MessageKinds.Any(kind => SpanPair.IsOfKind(link, kind)))
        .GroupBy(static link => link, StringComparer.Ordinal)
        .SelectMany(static same => same.Select((link, i) => $"{link} ({i})"));

    private static List<ComparableSpan> Sorted(IEnumerable<ComparableSpan> spans) => [.. spans.OrderBy(static span => span.Id, StringComparer.Ordinal)];

    /// <summary>Fails with the lines that stand on one side alone, below the span that they are of.</summary>
    private static void ShouldNotDiffer(List<ComparableSpan> expected, List<ComparableSpan> actual)
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

        if (differences.Count > 0)
        {
            throw new ShouldAssertException(string.Join('\n', differences));
        }
    }

    private static string[] LinesOf(List<ComparableSpan> spans, string id) => [.. spans.Where(span => span.Id == id).SelectMany(static span => span.ToString().Split('\n'))];

    private static long Milliseconds(long nanoseconds) => nanoseconds / NanosecondsPerMillisecond * NanosecondsPerMillisecond;
}

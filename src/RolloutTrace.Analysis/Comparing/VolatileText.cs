using System.Text;
using System.Text.RegularExpressions;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>
/// Texts of one rollout with a mark for all that is never the same in two runs, so that texts of two rollouts can be compared.
/// </summary>
internal sealed partial class VolatileText
{
    // Shorter ones, and words, may be anything.
    private const int ShortestId = 6;

    private const char Mark = '\u0001';

    private readonly HashSet<string> ids;
    private readonly IReadOnlyList<Regex> patterns;

    /// <summary>Of a rollout.</summary>
    /// <param name="graph">Its state; its ids are volatile.</param>
    /// <param name="patterns">What else is.</param>
    public VolatileText(RolloutGraph graph, IReadOnlyList<Regex> patterns)
    {
        this.patterns = patterns;
        ids = new HashSet<string>(Ids(graph).OfType<string>().Where(static id => id.Length >= ShortestId && id.Any(char.IsAsciiDigit)), StringComparer.Ordinal);
    }

    /// <summary>The text with its volatile pieces marked by their kinds.</summary>
    /// <param name="text">The text.</param>
    /// <param name="clockMs">What the clock showed when it was recorded, in milliseconds since the Unix epoch.</param>
    public string Canonical(string text, long clockMs)
    {
        var spans = Spans(text, clockMs);
        if (spans.Count == 0)
        {
            return text;
        }

        var canonical = new StringBuilder(text.Length);
        var at = 0;
        foreach (var span in spans)
        {
            canonical.Append(text, at, span.Start - at).Append(Mark).Append((char)span.Kind).Append(Mark);
            at = span.Start + span.Length;
        }

        return canonical.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>The volatile pieces of a text, in order, none within another.</summary>
    public IReadOnlyList<VolatileSpan> Spans(string text, long clockMs)
    {
        var spans = new List<VolatileSpan>();
        var at = 0;
        foreach (var span in Found(text, clockMs).OrderBy(static span => span.Start).ThenByDescending(static span => span.Length))
        {
            if (span.Start >= at && span.Length > 0)
            {
                spans.Add(span);
                at = span.Start + span.Length;
            }
        }

        return spans;
    }

    private List<VolatileSpan> Found(string text, long clockMs)
    {
        var found = new List<VolatileSpan>();
        for (var i = 0; i < patterns.Count; i++)
        {
            foreach (var match in patterns[i].EnumerateMatches(text))
            {
                found.Add(new VolatileSpan(match.Index, match.Length, (int)VolatileKind.Custom + i));
            }
        }

        found.AddRange(VolatilePatterns.Find(text, clockMs));
        foreach (var word in Words().EnumerateMatches(text))
        {
            if (ids.GetAlternateLookup<ReadOnlySpan<char>>().Contains(text.AsSpan(word.Index, word.Length)))
            {
                found.Add(new VolatileSpan(word.Index, word.Length, (int)VolatileKind.Id));
            }
        }

        return found;
    }

    private static IEnumerable<string?> Ids(RolloutGraph graph) =>
    [
        graph.RolloutId,
        graph.TraceId,
        .. graph.Threads.Keys,
        .. graph.CodexTurns.Keys,
        .. graph.InferenceCalls.Keys,
        .. graph.InferenceCalls.Values.Select(static call => call.ResponseId),
        .. graph.InferenceCalls.Values.Select(static call => call.UpstreamRequestId),
        .. graph.ToolCalls.Keys,
        .. graph.ToolCalls.Values.Select(static call => call.ModelVisibleCallId),
        .. graph.ConversationItems.Values.Select(static item => item.CallId),
    ];

    [GeneratedRegex("[A-Za-z0-9][A-Za-z0-9_-]*[A-Za-z0-9]", RegexOptions.CultureInvariant, VolatilePatterns.MostMilliseconds)]
    private static partial Regex Words();
}

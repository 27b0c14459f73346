using System.Text.RegularExpressions;

namespace RolloutTrace.Analysis.Answers;

/// <summary>What <c>grep</c> finds in a bundle. In JSON <c>total</c>, <c>next_offset</c> and <c>hits</c>.</summary>
public sealed record GrepAnswer
{
    /// <summary>How many there are, of which <see cref="Hits"/> may be a part.</summary>
    public int Total { get; init; }

    /// <summary>How many hits to leave out to have those that follow here; null if none follow.</summary>
    public int? NextOffset { get; init; }

    /// <summary>Where something was found, in the order of the state; empty if nothing was.</summary>
    public required IReadOnlyList<SearchHit> Hits { get; init; }

    /// <summary>Looks for a pattern, line by line.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="pattern">The pattern. Give it a time limit: the text that it meets may be hostile.</param>
    /// <exception cref="RegexMatchTimeoutException">The pattern takes longer than its limit on one line.</exception>
    public static GrepAnswer Of(OpenRollout rollout, Regex pattern)
    {
        List<SearchHit> hits = [.. RolloutSearch.Find(rollout, pattern)];
        return new GrepAnswer { Hits = hits, Total = hits.Count };
    }
}

using RolloutTrace.Analysis;

namespace RolloutTrace.Cli;

/// <summary>What <c>grep</c> finds in a bundle.</summary>
internal sealed record GrepAnswer
{
    public required IReadOnlyList<SearchHit> Hits { get; init; }
}

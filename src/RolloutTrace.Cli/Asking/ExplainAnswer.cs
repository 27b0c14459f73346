using RolloutTrace.Analysis;

namespace RolloutTrace.Cli;

/// <summary>What <c>explain</c> says of an id.</summary>
internal sealed record ExplainAnswer
{
    /// <summary>One for each thing that has the id.</summary>
    public required IReadOnlyList<Explanation> Explanations { get; init; }
}

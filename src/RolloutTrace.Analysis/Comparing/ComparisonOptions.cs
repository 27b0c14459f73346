using System.Text.RegularExpressions;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>How runs are compared.</summary>
public sealed record ComparisonOptions
{
    /// <summary>What else is never the same in two runs: texts that differ only where one of these matches are equal. None by default.</summary>
    public IReadOnlyList<Regex> Volatile { get; init; } = [];

    /// <summary>What models cost, by their names; null for a comparison without cost.</summary>
    public IReadOnlyDictionary<string, ModelPrice>? Prices { get; init; }
}

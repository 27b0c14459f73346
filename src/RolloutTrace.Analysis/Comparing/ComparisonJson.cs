using System.Text.Json.Serialization.Metadata;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>
/// Comparisons as JSON: names of members and values in snake_case, times in milliseconds, null for what is not there. Members are only
/// ever added. Safe for concurrent use.
/// </summary>
public static class ComparisonJson
{
    /// <summary>The contract of a comparison of two runs.</summary>
    public static JsonTypeInfo<RolloutComparison> Two => ComparisonJsonContext.Default.RolloutComparison;

    /// <summary>The contract of a comparison of several runs with one.</summary>
    public static JsonTypeInfo<RunsComparison> Several => ComparisonJsonContext.Default.RunsComparison;

    /// <summary>The contract of the prices of models, by their names.</summary>
    public static JsonTypeInfo<Dictionary<string, ModelPrice>> Prices => ComparisonJsonContext.Default.DictionaryStringModelPrice;
}

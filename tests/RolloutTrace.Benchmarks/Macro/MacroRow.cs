namespace RolloutTrace.Benchmarks.Macro;

/// <summary>One measure of the table: what was found, and what it must not exceed or fall below.</summary>
internal sealed record MacroRow
{
    public required string Measure { get; init; }

    /// <summary>The goal in words.</summary>
    public required string Goal { get; init; }

    /// <summary>The number found, with its unit.</summary>
    public required string Found { get; init; }

    /// <summary>Null for a row that only informs.</summary>
    public required bool? Reached { get; init; }

    /// <summary>What was measured, so that the number can be judged.</summary>
    public required string Basis { get; init; }

    /// <summary>A ratio that must not exceed <paramref name="limit"/>.</summary>
    public static MacroRow AtMost(double limit, string measure, string goal, PairedRatio ratio, string unit) => new()
    {
        Measure = measure,
        Goal = goal,
        Found = $"{ratio.Ratio:F2} x",
        Reached = ratio.Ratio <= limit,
        Basis = ratio.Describe(unit),
    };

    /// <summary>The inverse of a ratio of times, a ratio of speeds, that must not fall below <paramref name="limit"/>.</summary>
    public static MacroRow SpeedAtLeast(double limit, string measure, string goal, PairedRatio times, string unit) => new()
    {
        Measure = measure,
        Goal = goal,
        Found = $"{1 / times.Ratio:P0}",
        Reached = 1 / times.Ratio >= limit,
        Basis = times.Describe(unit),
    };

    /// <summary>A ratio without a goal of its own.</summary>
    public static MacroRow Information(string measure, PairedRatio ratio, string unit) => new()
    {
        Measure = measure,
        Goal = "",
        Found = $"{ratio.Ratio:F2} x",
        Reached = null,
        Basis = ratio.Describe(unit),
    };
}

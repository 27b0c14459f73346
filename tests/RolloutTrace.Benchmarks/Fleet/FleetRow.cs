using System.Globalization;
using RolloutTrace.Benchmarks.Macro;

namespace RolloutTrace.Benchmarks.Fleet;

/// <summary>Rows of what a fleet costs.</summary>
internal static class FleetRow
{
    /// <summary>A row that tells a number without a goal.</summary>
    public static MacroRow Told(string measure, string found, string basis) => new() { Measure = measure, Goal = "", Found = found, Reached = null, Basis = basis };

    /// <summary>What ten times as many rollouts cost each, against what they cost when they are fewer.</summary>
    public static MacroRow Growth(string measure, double many, double few, string basis) => new()
    {
        Measure = measure,
        Goal = "no more for each: <= 1.15",
        Found = string.Create(CultureInfo.InvariantCulture, $"{many / few:F2} x"),
        Reached = many / few <= 1.15,
        Basis = string.Create(CultureInfo.InvariantCulture, $"{many:F1} against {few:F1} ms of processor time a rollout; {basis}"),
    };

    /// <summary>Thousands of bytes.</summary>
    public static string Kilobytes(double bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1000:F1} kB");

    /// <summary>Milliseconds.</summary>
    public static string Milliseconds(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:F1} ms");
}

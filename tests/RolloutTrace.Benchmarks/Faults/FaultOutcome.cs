namespace RolloutTrace.Benchmarks.Faults;

/// <summary>What came of a scenario.</summary>
/// <param name="Holds">Whether the promise holds; null where the machine cannot do it, and <paramref name="Seen"/> says why.</param>
/// <param name="Seen">What was seen, with figures, for the table.</param>
internal readonly record struct FaultOutcome(bool? Holds, string Seen)
{
    public static FaultOutcome Skipped(string why) => new(Holds: null, $"skipped: {why}");
}

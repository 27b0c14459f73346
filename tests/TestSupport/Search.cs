using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace RolloutTrace.TestSupport;

/// <summary>
/// How far tests search for a counterexample. They look at the same few cases each time, so that a change is judged by what it changes; a search for
/// more is made by hand: ROLLOUT_TRACE_FUZZ_RUNS is the number of cases, ROLLOUT_TRACE_FUZZ_SEED a number that chooses others.
/// </summary>
public static class Search
{
    // What FsCheck calls gamma: any odd number.
    private const ulong Gamma = 15_037_992_842_653_733_307;

    /// <summary>Chooses the cases; 1 unless another is asked for.</summary>
    public static int Seed { get; } = Variable("ROLLOUT_TRACE_FUZZ_SEED") ?? 1;

    private static int? Asked { get; } = Variable("ROLLOUT_TRACE_FUZZ_RUNS");

    /// <summary>How many cases are to be looked at.</summary>
    /// <param name="few">What is enough each time.</param>
    public static int Runs(int few) => Asked ?? few;

    /// <summary>The property holds for all cases; if not, the exception shows the smallest that was found, and the seed.</summary>
    /// <param name="property">What is to hold.</param>
    /// <param name="cases">What is enough each time.</param>
    /// <param name="endSize">The size of the last case, FsCheck's default if it is not given.</param>
    public static void ShouldHold(this Property property, int cases = 100, int endSize = 100) => property.Check(
        Config.QuickThrowOnFailure.WithMaxTest(Runs(cases)).WithEndSize(endSize).WithReplay((ulong)Seed, Gamma));

    private static int? Variable(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}

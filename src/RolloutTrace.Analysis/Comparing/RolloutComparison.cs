namespace RolloutTrace.Analysis.Comparing;

/// <summary>
/// Where one run left another, why, and what followed. Everything is told from the requests as the models saw them; what is never the
/// same in two runs, such as ids and times, is no difference.
/// </summary>
public sealed record RolloutComparison
{
    /// <summary>Version of the document: 1. Members are added without another.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>The first run.</summary>
    public required ComparedRollout A { get; init; }

    /// <summary>The second run.</summary>
    public required ComparedRollout B { get; init; }

    /// <summary>The differences that do not follow from others, in the order in which they came about in the first run, then in the second; the first is the first cause.</summary>
    public required IReadOnlyList<RolloutDifference> Differences { get; init; }

    /// <summary>What each run came to.</summary>
    public required OutcomePair Outcome { get; init; }

    /// <summary>What was not the same and is no difference.</summary>
    public required IReadOnlyList<VolatileCount> Volatile { get; init; }

    /// <summary>What could not be compared, and why; null if all could.</summary>
    public required string? GaveUp { get; init; }

    /// <summary>Compares two runs. Linear in their sizes where they are alike; requests and turns that differ in more than some thousand places are not aligned.</summary>
    /// <param name="bundleA">The first run's bundle, as whoever asks names it.</param>
    /// <param name="a">The first run.</param>
    /// <param name="bundleB">The second run's bundle.</param>
    /// <param name="b">The second run.</param>
    /// <param name="options">How; null for the defaults.</param>
    public static RolloutComparison Of(string bundleA, OpenRollout a, string bundleB, OpenRollout b, ComparisonOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        options ??= new ComparisonOptions();
        var comparison = new RunComparison(new RunSide(a, options.Volatile), new RunSide(b, options.Volatile), [.. options.Volatile.Select(static pattern => pattern.ToString())]);
        return new RolloutComparison
        {
            A = ComparedRollout.Of(bundleA, a.Graph),
            B = ComparedRollout.Of(bundleB, b.Graph),
            Differences = comparison.Find(),
            Outcome = new OutcomePair(Outcomes.Of(a, options.Prices), Outcomes.Of(b, options.Prices)),
            Volatile = comparison.Volatile,
            GaveUp = comparison.GaveUp,
        };
    }
}

namespace RolloutTrace.Analysis.Comparing;

/// <summary>Several runs compared with one: at which point each left it, as a tree.</summary>
public sealed record RunsComparison
{
    /// <summary>Version of the document: 1. Members are added without another.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>The run that all are compared with.</summary>
    public required ComparedRollout Base { get; init; }

    /// <summary>The others, as they were given.</summary>
    public required IReadOnlyList<ComparedRun> Runs { get; init; }

    /// <summary>Which of them went one way.</summary>
    public required ChoiceNode Tree { get; init; }

    /// <summary>Compares runs with one.</summary>
    /// <param name="bundle">The one's bundle, as whoever asks names it.</param>
    /// <param name="rollout">The one.</param>
    /// <param name="runs">The others, with the names of their bundles.</param>
    /// <param name="options">How; null for the defaults.</param>
    public static RunsComparison Of(string bundle, OpenRollout rollout, IReadOnlyList<(string Bundle, OpenRollout Rollout)> runs, ComparisonOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        ArgumentNullException.ThrowIfNull(runs);
        var compared = runs.Select(run => RolloutComparison.Of(bundle, rollout, run.Bundle, run.Rollout, options)).ToList();
        return new RunsComparison
        {
            Base = ComparedRollout.Of(bundle, rollout.Graph),
            Runs = [.. compared.Select(Of)],
            Tree = new ChoiceNode { Count = runs.Count, Runs = Names(runs), Difference = null, Branches = Branches(runs, compared, options) },
        };
    }

    private static ComparedRun Of(RolloutComparison run) => new()
    {
        Bundle = run.B.Bundle,
        TraceId = run.B.TraceId,
        RolloutId = run.B.RolloutId,
        Differences = run.Differences,
        Outcome = run.Outcome.B,
        Volatile = run.Volatile,
        GaveUp = run.GaveUp,
    };

    private static List<string> Names(IEnumerable<(string Bundle, OpenRollout Rollout)> runs) => [.. runs.Select(static run => run.Bundle)];

    private static List<ChoiceNode> Branches(IReadOnlyList<(string Bundle, OpenRollout Rollout)> runs, IReadOnlyList<RolloutComparison> compared, ComparisonOptions? options) =>
    [
        .. runs.Zip(compared)
            .Where(static run => run.Second.Differences.Count > 0)
            .GroupBy(run => KeyOf(run.Second.Differences[0], run.First.Rollout, options))
            .Select(group => Branch([.. group.Select(static run => run.First)], group.First().Second.Differences[0], options))
            .OrderByDescending(static node => node.Count),
    ];

    private static ChoiceNode Branch(List<(string Bundle, OpenRollout Rollout)> runs, RolloutDifference difference, ComparisonOptions? options)
    {
        var (first, others) = (runs[0], runs[1..]);
        var branches = Branches(others, [.. others.Select(other => RolloutComparison.Of(first.Bundle, first.Rollout, other.Bundle, other.Rollout, options))], options);
        return new ChoiceNode { Count = runs.Count, Runs = Names(runs), Difference = difference, Branches = branches };
    }

    // The same place of the one run, and the same there in the others but for what is volatile.
    private static (DifferenceKind, DifferenceSubject, string, string?, string?, string?) KeyOf(RolloutDifference difference, OpenRollout run, ComparisonOptions? options)
    {
        var text = difference.B.Text is { } words ? new VolatileText(run.Graph, options?.Volatile ?? []).Canonical(words, run.Graph.StartedAtUnixMs) : null;
        return (difference.Kind, difference.What, difference.A.Thread, difference.A.Request, difference.A.Item ?? difference.Name, text);
    }
}

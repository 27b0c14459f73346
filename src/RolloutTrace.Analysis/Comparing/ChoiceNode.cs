namespace RolloutTrace.Analysis.Comparing;

/// <summary>Runs that have gone one way, and where they left one another after that.</summary>
public sealed record ChoiceNode
{
    /// <summary>How many runs.</summary>
    public required int Count { get; init; }

    /// <summary>Their bundles, as whoever asks names them.</summary>
    public required IReadOnlyList<string> Runs { get; init; }

    /// <summary>Where they left the run that they are compared with; null at the root.</summary>
    public required RolloutDifference? Difference { get; init; }

    /// <summary>Where they left one another after that, most runs first; those that never did are in none.</summary>
    public required IReadOnlyList<ChoiceNode> Branches { get; init; }
}

namespace RolloutTrace.Reducer;

/// <summary>What a reduction gives.</summary>
public sealed record ReductionResult
{
    /// <summary>The state.</summary>
    public required RolloutGraph Graph { get; init; }

    /// <summary>What the log tells beyond the state.</summary>
    public required RolloutFacts Facts { get; init; }

    /// <summary>What is wrong with the bundle, in the order of the log; empty if it is sound, and always after a strict reduction.</summary>
    public required IReadOnlyList<ReductionDiagnostic> Diagnostics { get; init; }
}

using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary>What became of one bundle. It holds no state, so that a run over many bundles stays small.</summary>
internal sealed record ReductionOutcome
{
    /// <summary>The bundle, as the command line names it.</summary>
    public required string Bundle { get; init; }

    /// <summary>The state file written; null if none was.</summary>
    public string? State { get; init; }

    /// <summary>Why the bundle could not be reduced; null if it was.</summary>
    public string? Error { get; init; }

    /// <summary>What is wrong with the bundle.</summary>
    public IReadOnlyList<ReductionDiagnostic> Diagnostics { get; init; } = [];

    /// <summary>How much the state holds; null if there is none.</summary>
    public ReductionCounts? Counts { get; init; }

    public int ExitCode => Error is not null ? ExitCodes.Failure : Diagnostics.Count > 0 ? ExitCodes.Findings : ExitCodes.Success;

    public static ReductionOutcome Failed(string bundle, string error) => new() { Bundle = bundle, Error = error };

    public static ReductionOutcome Reduced(string bundle, string? state, ReductionResult result) => new()
    {
        Bundle = bundle,
        State = state,
        Diagnostics = result.Diagnostics,
        Counts = ReductionCounts.Of(result.Graph),
    };
}

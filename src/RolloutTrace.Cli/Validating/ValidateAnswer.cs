using RolloutTrace.Analysis;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary>What <c>validate</c> finds.</summary>
internal sealed record ValidateAnswer
{
    /// <summary>What is wrong with the evidence.</summary>
    public required IReadOnlyList<ReductionDiagnostic> Diagnostics { get; init; }

    /// <summary>What does not hold in the state.</summary>
    public required IReadOnlyList<InvariantViolation> Violations { get; init; }
}

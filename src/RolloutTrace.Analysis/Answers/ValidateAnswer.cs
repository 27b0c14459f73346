using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Answers;

/// <summary>What <c>validate</c> finds. In JSON <c>diagnostics</c> and <c>violations</c>.</summary>
public sealed record ValidateAnswer
{
    /// <summary>What is wrong with the evidence, in the order of the log; empty if nothing is.</summary>
    public required IReadOnlyList<ReductionDiagnostic> Diagnostics { get; init; }

    /// <summary>What does not hold in the state; empty if all does.</summary>
    public required IReadOnlyList<InvariantViolation> Violations { get; init; }

    /// <summary>Reduces a bundle anew, and checks it and its state.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <exception cref="BundleException">The log cannot be read.</exception>
    public static ValidateAnswer Of(BundleReader bundle)
    {
        var result = RolloutReducer.Reduce(bundle);
        return new ValidateAnswer { Diagnostics = result.Diagnostics, Violations = RolloutInvariants.Check(result.Graph) };
    }

    /// <summary>Checks a state as it is, whoever made it.</summary>
    /// <param name="graph">The state.</param>
    public static ValidateAnswer Of(RolloutGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return new ValidateAnswer { Diagnostics = graph.Diagnostics ?? [], Violations = RolloutInvariants.Check(graph) };
    }
}

using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary>What <c>reduce --format json</c> prints.</summary>
internal sealed record ReductionSummary
{
    /// <summary>Version of the answers' form.</summary>
    public int AnswerVersion { get; init; } = 1;

    /// <summary>One entry a bundle, in the order of the command line.</summary>
    public required IReadOnlyList<BundleSummary> Bundles { get; init; }

    public static ReductionSummary Of(IReadOnlyList<ReductionOutcome> outcomes) => new()
    {
        Bundles = [.. outcomes.Select(static outcome => new BundleSummary
        {
            Bundle = outcome.Bundle,
            Outcome = outcome.ExitCode switch
            {
                ExitCodes.Success => "sound",
                ExitCodes.Findings => "diagnostics",
                _ => "failed",
            },
            State = outcome.State,
            Error = outcome.Error,
            Counts = outcome.Counts,
            Diagnostics = outcome.Diagnostics,
        })],
    };
}

/// <summary>One bundle of a <see cref="ReductionSummary"/>.</summary>
internal sealed record BundleSummary
{
    public required string Bundle { get; init; }

    /// <summary><c>sound</c>, <c>diagnostics</c> or <c>failed</c>.</summary>
    public required string Outcome { get; init; }

    public required string? State { get; init; }

    public required string? Error { get; init; }

    public required ReductionCounts? Counts { get; init; }

    public required IReadOnlyList<ReductionDiagnostic> Diagnostics { get; init; }
}

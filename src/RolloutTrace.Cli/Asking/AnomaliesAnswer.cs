using RolloutTrace.Analysis;
using RolloutTrace.Bundle;

namespace RolloutTrace.Cli;

/// <summary>What <c>anomalies</c> finds in a bundle.</summary>
internal sealed record AnomaliesAnswer
{
    /// <summary>How the rollout stands.</summary>
    public required string Status { get; init; }

    /// <summary>By what a status that the log does not give is known; null for one that it gives.</summary>
    public required string? StatusEvidence { get; init; }

    /// <summary>What the recorder says it has lost; null if it says nothing.</summary>
    public required BundleLoss? Lost { get; init; }

    public required IReadOnlyList<AnomalyAnswer> Anomalies { get; init; }
}

/// <summary>One anomaly.</summary>
internal sealed record AnomalyAnswer
{
    public required string Code { get; init; }

    public required string Subject { get; init; }

    public required string Message { get; init; }

    public required string WhyItMatters { get; init; }

    public required IReadOnlyList<Evidence> Evidence { get; init; }
}

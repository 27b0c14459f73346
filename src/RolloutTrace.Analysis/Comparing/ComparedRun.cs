namespace RolloutTrace.Analysis.Comparing;

/// <summary>How one of several runs differs from the one that all are compared with.</summary>
public sealed record ComparedRun
{
    /// <summary>The bundle, as whoever asks names it.</summary>
    public required string Bundle { get; init; }

    /// <summary>Identity of the recording.</summary>
    public required string TraceId { get; init; }

    /// <summary>Identity of the rollout.</summary>
    public required string RolloutId { get; init; }

    /// <summary>The differences that do not follow from others, in the order in which they came about.</summary>
    public required IReadOnlyList<RolloutDifference> Differences { get; init; }

    /// <summary>What it came to.</summary>
    public required RolloutOutcome Outcome { get; init; }

    /// <summary>What was not the same and is no difference.</summary>
    public required IReadOnlyList<VolatileCount> Volatile { get; init; }

    /// <summary>What could not be compared, and why; null if all could.</summary>
    public required string? GaveUp { get; init; }
}

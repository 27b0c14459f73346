namespace RolloutTrace.Analysis;

/// <summary>One step of an explanation.</summary>
public sealed record ExplanationStep
{
    /// <summary>What it is to the thing explained.</summary>
    public required ExplanationRole Role { get; init; }

    /// <summary>The id that the step is about, to be asked about in turn; null where the chain ends outside the rollout.</summary>
    public string? Id { get; init; }

    /// <summary>What happened, in words, on one line.</summary>
    public required string Text { get; init; }

    /// <summary>Where that is to be seen.</summary>
    public IReadOnlyList<Evidence> Evidence { get; init; } = [];
}

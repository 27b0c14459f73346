namespace RolloutTrace.Lake;

/// <summary>What is written of a rollout.</summary>
public sealed record RolloutTablesOptions
{
    /// <summary>Whether the table of items has what was said, and not only its length and hash. False by default: it may be secret.</summary>
    public bool WithText { get; init; }
}

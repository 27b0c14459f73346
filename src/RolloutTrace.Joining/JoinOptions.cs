namespace RolloutTrace.Joining;

/// <summary>How bundles are joined.</summary>
public sealed record JoinOptions
{
    /// <summary>
    /// The root, where the bundles are several trees: its rollout id, the trace id of one of its bundles, or the id of its root thread. Null, the
    /// default, for the only rollout that nobody has called.
    /// </summary>
    public string? Root { get; init; }
}

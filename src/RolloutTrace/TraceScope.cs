namespace RolloutTrace;

/// <summary>Which trace the turns of a rollout belong to.</summary>
public enum TraceScope
{
    /// <summary>
    /// A turn is a child of the span that is current when it starts, such as an incoming request's; without one, or inside a
    /// span of the same rollout, it is a span without a parent in the rollout's trace. The default.
    /// </summary>
    Ambient,

    /// <summary>One trace for the whole rollout: turns never have a parent.</summary>
    Rollout,

    /// <summary>Each turn is the root of a trace of its own.</summary>
    Turn,
}

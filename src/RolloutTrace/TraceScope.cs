namespace RolloutTrace;

/// <summary>Which trace the turns of a rollout belong to.</summary>
public enum TraceScope
{
    /// <summary>
    /// The default. A turn is a child of the span that is current when it starts, such as an incoming request's. If there is none,
    /// or it is the rollout's own, the turn has no parent and belongs to the rollout's trace.
    /// </summary>
    Ambient,

    /// <summary>One trace for the whole rollout: turns never have a parent.</summary>
    Rollout,

    /// <summary>Each turn is the root of a trace of its own.</summary>
    Turn,
}

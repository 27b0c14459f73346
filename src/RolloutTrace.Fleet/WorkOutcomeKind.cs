namespace RolloutTrace.Fleet;

/// <summary>What became of a rollout that was to be reduced.</summary>
public enum WorkOutcomeKind
{
    /// <summary>Its tables are in the lake.</summary>
    Done,

    /// <summary>Its bytes are no rollout, or hostile: trying again changes nothing.</summary>
    Unreadable,

    /// <summary>The store has no such object.</summary>
    Missing,

    /// <summary>Something else went wrong with it.</summary>
    Failed,

    /// <summary>The store or the lake cannot be reached just now; that is not the rollout's.</summary>
    OutOfReach,
}

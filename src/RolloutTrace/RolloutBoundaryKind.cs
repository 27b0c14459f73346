namespace RolloutTrace;

/// <summary>What the handle of a rollout span is.</summary>
public enum RolloutBoundaryKind
{
    /// <summary>An agent's session.</summary>
    Session,

    /// <summary>A turn.</summary>
    Turn,

    /// <summary>A request to a model, of a turn or of a compaction.</summary>
    ModelRequest,

    /// <summary>A tool call, or what carries one out.</summary>
    ToolCall,

    /// <summary>A compaction.</summary>
    Compaction,

    /// <summary>Anything else in a turn, such as a code cell.</summary>
    Other,
}

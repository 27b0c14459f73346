namespace RolloutTrace.Analysis;

/// <summary>Why a span points to another; in spans the words of <see cref="RolloutLinkKinds"/>.</summary>
public enum RolloutSpanLinkKind
{
    /// <summary>A turn points to its session.</summary>
    Session,

    /// <summary>A tool call or a code cell points to the model request that asked for it.</summary>
    CausedBy,

    /// <summary>A tool call points to the code cell that it waits for.</summary>
    WaitsFor,

    /// <summary>A tool call on a terminal points to the call that created the terminal.</summary>
    Continues,

    /// <summary>A model request points to the compaction whose history it is the first to carry.</summary>
    CompactedBy,

    /// <summary>A session points to the tool call that spawned it.</summary>
    SpawnAgent,

    /// <summary>A model request points to the tool call that gave its agent a task, which it carries.</summary>
    AssignAgentTask,

    /// <summary>A model request points to the tool call that sent the message that it carries.</summary>
    SendMessage,

    /// <summary>A model request points to the turn of another agent whose result it carries.</summary>
    AgentResult,

    /// <summary>A session points to the tool call that closed it.</summary>
    CloseAgent,
}

namespace RolloutTrace;

/// <summary>Why a span points to another: the values of <see cref="RolloutAttributes.Link.Kind"/>.</summary>
public static class RolloutLinkKinds
{
    /// <summary>A turn points to the session it is a turn of.</summary>
    public const string Session = "session";

    /// <summary>A tool call or a code cell points to the model request that asked for it.</summary>
    public const string CausedBy = "caused_by";

    /// <summary>A tool call points to the code cell that it waits for.</summary>
    public const string WaitsFor = "waits_for";

    /// <summary>A tool call on a terminal points to the call that created the terminal.</summary>
    public const string Continues = "continues";

    /// <summary>A model request points to the compaction whose history it is the first to carry.</summary>
    public const string CompactedBy = "compacted_by";

    /// <summary>A session points to the tool call that spawned it.</summary>
    public const string SpawnAgent = "spawn_agent";

    /// <summary>A model request points to the tool call that gave its agent a task, which it carries.</summary>
    public const string AssignAgentTask = "assign_agent_task";

    /// <summary>A model request points to the tool call that sent the message that it carries.</summary>
    public const string SendMessage = "send_message";

    /// <summary>A model request points to the turn of another agent whose result it carries.</summary>
    public const string AgentResult = "agent_result";

    /// <summary>A session points to the tool call that closed it.</summary>
    public const string CloseAgent = "close_agent";
}

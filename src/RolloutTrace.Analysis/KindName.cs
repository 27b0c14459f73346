namespace RolloutTrace.Analysis;

/// <summary>The names that kinds of things, and the ways in which they stand, have in answers.</summary>
public static class KindName
{
    /// <summary>The name of a value of <see cref="OutlineKind"/>, such as <c>tool_call</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such value.</exception>
    public static string Of(OutlineKind value) => value switch
    {
        OutlineKind.Session => "session",
        OutlineKind.Turn => "turn",
        OutlineKind.Request => "request",
        OutlineKind.ToolCall => "tool_call",
        OutlineKind.CodeCell => "code_cell",
        OutlineKind.TerminalOperation => "terminal_operation",
        OutlineKind.Compaction => "compaction",
        OutlineKind.CompactionRequest => "compaction_request",
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "no such kind"),
    };

    /// <summary>The name of a value of <see cref="RolloutStanding"/>, such as <c>completed</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such value.</exception>
    public static string Of(RolloutStanding value) => value switch
    {
        RolloutStanding.Completed => "completed",
        RolloutStanding.Failed => "failed",
        RolloutStanding.Aborted => "aborted",
        RolloutStanding.Running => "running",
        RolloutStanding.Cut => "cut",
        RolloutStanding.Died => "died",
        RolloutStanding.Unended => "unended",
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "no such standing"),
    };

    /// <summary>The word of <see cref="RolloutLinkKinds"/> for a value of <see cref="RolloutSpanLinkKind"/>, such as <c>caused_by</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such value.</exception>
    public static string Of(RolloutSpanLinkKind value) => value switch
    {
        RolloutSpanLinkKind.Session => RolloutLinkKinds.Session,
        RolloutSpanLinkKind.CausedBy => RolloutLinkKinds.CausedBy,
        RolloutSpanLinkKind.WaitsFor => RolloutLinkKinds.WaitsFor,
        RolloutSpanLinkKind.Continues => RolloutLinkKinds.Continues,
        RolloutSpanLinkKind.CompactedBy => RolloutLinkKinds.CompactedBy,
        RolloutSpanLinkKind.SpawnAgent => RolloutLinkKinds.SpawnAgent,
        RolloutSpanLinkKind.AssignAgentTask => RolloutLinkKinds.AssignAgentTask,
        RolloutSpanLinkKind.SendMessage => RolloutLinkKinds.SendMessage,
        RolloutSpanLinkKind.AgentResult => RolloutLinkKinds.AgentResult,
        RolloutSpanLinkKind.CloseAgent => RolloutLinkKinds.CloseAgent,
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "no such kind"),
    };

    /// <summary>The name of a value of <see cref="CacheMissCause"/>, such as <c>instructions</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such value.</exception>
    public static string Of(CacheMissCause value) => value switch
    {
        CacheMissCause.Model => "model",
        CacheMissCause.Instructions => "instructions",
        CacheMissCause.Tool => "tool",
        CacheMissCause.Parameter => "parameter",
        CacheMissCause.Compaction => "compaction",
        CacheMissCause.Item => "item",
        CacheMissCause.Expired => "expired",
        CacheMissCause.Unexplained => "unexplained",
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "no such cause"),
    };

    /// <summary>The name of a value of <see cref="ContextOriginKind"/>, such as <c>tool_output</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such value.</exception>
    public static string Of(ContextOriginKind value) => value switch
    {
        ContextOriginKind.Instructions => "instructions",
        ContextOriginKind.ToolDefinitions => "tool_definitions",
        ContextOriginKind.User => "user",
        ContextOriginKind.Assistant => "assistant",
        ContextOriginKind.Reasoning => "reasoning",
        ContextOriginKind.ToolOutput => "tool_output",
        ContextOriginKind.Agents => "agents",
        ContextOriginKind.Summary => "summary",
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "no such origin"),
    };
}

using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>The names that the values of the state's enums have in JSON.</summary>
public static class WireName
{
    /// <summary>The name of a value of <see cref="RolloutStatus"/>.</summary>
    /// <exception cref="InvalidOperationException">There is no such value.</exception>
    public static string Of(RolloutStatus value) => value switch
    {
        RolloutStatus.Running => "running",
        RolloutStatus.Completed => "completed",
        RolloutStatus.Failed => "failed",
        RolloutStatus.Aborted => "aborted",
        _ => Unnamed(value),
    };

    /// <summary>The name of a value of <see cref="ExecutionStatus"/>.</summary>
    /// <exception cref="InvalidOperationException">There is no such value.</exception>
    public static string Of(ExecutionStatus value) => value switch
    {
        ExecutionStatus.Running => "running",
        ExecutionStatus.Completed => "completed",
        ExecutionStatus.Failed => "failed",
        ExecutionStatus.Cancelled => "cancelled",
        ExecutionStatus.Aborted => "aborted",
        _ => Unnamed(value),
    };

    /// <summary>The name of a value of <see cref="CodeCellRuntimeStatus"/>.</summary>
    /// <exception cref="InvalidOperationException">There is no such value.</exception>
    public static string Of(CodeCellRuntimeStatus value) => value switch
    {
        CodeCellRuntimeStatus.Starting => "starting",
        CodeCellRuntimeStatus.Running => "running",
        CodeCellRuntimeStatus.Yielded => "yielded",
        CodeCellRuntimeStatus.Completed => "completed",
        CodeCellRuntimeStatus.Failed => "failed",
        CodeCellRuntimeStatus.Terminated => "terminated",
        _ => Unnamed(value),
    };

    /// <summary>The name of a value of <see cref="ConversationRole"/>.</summary>
    /// <exception cref="InvalidOperationException">There is no such value.</exception>
    public static string Of(ConversationRole value) => value switch
    {
        ConversationRole.System => "system",
        ConversationRole.Developer => "developer",
        ConversationRole.User => "user",
        ConversationRole.Assistant => "assistant",
        ConversationRole.Tool => "tool",
        _ => Unnamed(value),
    };

    /// <summary>The name of a value of <see cref="ConversationChannel"/>.</summary>
    /// <exception cref="InvalidOperationException">There is no such value.</exception>
    public static string Of(ConversationChannel value) => value switch
    {
        ConversationChannel.Analysis => "analysis",
        ConversationChannel.Commentary => "commentary",
        ConversationChannel.Final => "final",
        ConversationChannel.Summary => "summary",
        _ => Unnamed(value),
    };

    /// <summary>The name of a value of <see cref="ConversationItemKind"/>.</summary>
    /// <exception cref="InvalidOperationException">There is no such value.</exception>
    public static string Of(ConversationItemKind value) => value switch
    {
        ConversationItemKind.Message => "message",
        ConversationItemKind.Reasoning => "reasoning",
        ConversationItemKind.FunctionCall => "function_call",
        ConversationItemKind.FunctionCallOutput => "function_call_output",
        ConversationItemKind.CustomToolCall => "custom_tool_call",
        ConversationItemKind.CustomToolCallOutput => "custom_tool_call_output",
        ConversationItemKind.CompactionMarker => "compaction_marker",
        _ => Unnamed(value),
    };

    /// <summary>The name of a value of <see cref="TerminalOperationKind"/>.</summary>
    /// <exception cref="InvalidOperationException">There is no such value.</exception>
    public static string Of(TerminalOperationKind value) => value switch
    {
        TerminalOperationKind.ExecCommand => "exec_command",
        TerminalOperationKind.WriteStdin => "write_stdin",
        _ => Unnamed(value),
    };

    /// <summary>The name of a value of <see cref="InteractionEdgeKind"/>.</summary>
    /// <exception cref="InvalidOperationException">There is no such value.</exception>
    public static string Of(InteractionEdgeKind value) => value switch
    {
        InteractionEdgeKind.SpawnAgent => "spawn_agent",
        InteractionEdgeKind.AssignAgentTask => "assign_agent_task",
        InteractionEdgeKind.SendMessage => "send_message",
        InteractionEdgeKind.AgentResult => "agent_result",
        InteractionEdgeKind.CloseAgent => "close_agent",
        _ => Unnamed(value),
    };

    /// <summary>The name of a value of <see cref="DiagnosticSeverity"/>.</summary>
    /// <exception cref="InvalidOperationException">There is no such value.</exception>
    public static string Of(DiagnosticSeverity value) => value switch
    {
        DiagnosticSeverity.Information => "information",
        DiagnosticSeverity.Warning => "warning",
        DiagnosticSeverity.Error => "error",
        _ => Unnamed(value),
    };

    /// <summary>The name of a value of <see cref="ToolCallKindType"/>.</summary>
    /// <exception cref="InvalidOperationException">There is no such value.</exception>
    public static string Of(ToolCallKindType value) => value switch
    {
        ToolCallKindType.ExecCommand => "exec_command",
        ToolCallKindType.WriteStdin => "write_stdin",
        ToolCallKindType.ApplyPatch => "apply_patch",
        ToolCallKindType.Web => "web",
        ToolCallKindType.ImageGeneration => "image_generation",
        ToolCallKindType.SpawnAgent => "spawn_agent",
        ToolCallKindType.AssignAgentTask => "assign_agent_task",
        ToolCallKindType.SendMessage => "send_message",
        ToolCallKindType.WaitAgent => "wait_agent",
        ToolCallKindType.CloseAgent => "close_agent",
        ToolCallKindType.Mcp => "mcp",
        ToolCallKindType.Other => "other",
        _ => Unnamed(value),
    };

    /// <summary>The name of a value of <see cref="PayloadKind"/>.</summary>
    /// <exception cref="InvalidOperationException">There is no such value.</exception>
    public static string Of(PayloadKind value) => value switch
    {
        PayloadKind.Unknown => "unknown",
        PayloadKind.InferenceRequest => "inference_request",
        PayloadKind.InferenceResponse => "inference_response",
        PayloadKind.CompactionRequest => "compaction_request",
        PayloadKind.CompactionResponse => "compaction_response",
        PayloadKind.CompactionCheckpoint => "compaction_checkpoint",
        PayloadKind.ToolInvocation => "tool_invocation",
        PayloadKind.ToolResult => "tool_result",
        PayloadKind.ToolRuntimeEvent => "tool_runtime_event",
        PayloadKind.TerminalRuntimeEvent => "terminal_runtime_event",
        PayloadKind.ProtocolEvent => "protocol_event",
        PayloadKind.SessionMetadata => "session_metadata",
        PayloadKind.AgentResult => "agent_result",
        _ => Unnamed(value),
    };

    private static string Unnamed(Enum value) => throw new InvalidOperationException($"{value.GetType().Name} has no value {value}");
}

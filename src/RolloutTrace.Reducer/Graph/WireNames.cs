using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>The names of the state's enum values in JSON.</summary>
internal static class WireNames
{
    public static ReadOnlySpan<byte> Of(RolloutStatus value) => value switch
    {
        RolloutStatus.Running => "running"u8,
        RolloutStatus.Completed => "completed"u8,
        RolloutStatus.Failed => "failed"u8,
        RolloutStatus.Aborted => "aborted"u8,
        _ => Unnamed(value),
    };

    public static ReadOnlySpan<byte> Of(ExecutionStatus value) => value switch
    {
        ExecutionStatus.Running => "running"u8,
        ExecutionStatus.Completed => "completed"u8,
        ExecutionStatus.Failed => "failed"u8,
        ExecutionStatus.Cancelled => "cancelled"u8,
        ExecutionStatus.Aborted => "aborted"u8,
        _ => Unnamed(value),
    };

    public static ReadOnlySpan<byte> Of(CodeCellRuntimeStatus value) => value switch
    {
        CodeCellRuntimeStatus.Starting => "starting"u8,
        CodeCellRuntimeStatus.Running => "running"u8,
        CodeCellRuntimeStatus.Yielded => "yielded"u8,
        CodeCellRuntimeStatus.Completed => "completed"u8,
        CodeCellRuntimeStatus.Failed => "failed"u8,
        CodeCellRuntimeStatus.Terminated => "terminated"u8,
        _ => Unnamed(value),
    };

    public static ReadOnlySpan<byte> Of(ConversationRole value) => value switch
    {
        ConversationRole.System => "system"u8,
        ConversationRole.Developer => "developer"u8,
        ConversationRole.User => "user"u8,
        ConversationRole.Assistant => "assistant"u8,
        ConversationRole.Tool => "tool"u8,
        _ => Unnamed(value),
    };

    public static ReadOnlySpan<byte> Of(ConversationChannel value) => value switch
    {
        ConversationChannel.Analysis => "analysis"u8,
        ConversationChannel.Commentary => "commentary"u8,
        ConversationChannel.Final => "final"u8,
        ConversationChannel.Summary => "summary"u8,
        _ => Unnamed(value),
    };

    public static ReadOnlySpan<byte> Of(ConversationItemKind value) => value switch
    {
        ConversationItemKind.Message => "message"u8,
        ConversationItemKind.Reasoning => "reasoning"u8,
        ConversationItemKind.FunctionCall => "function_call"u8,
        ConversationItemKind.FunctionCallOutput => "function_call_output"u8,
        ConversationItemKind.CustomToolCall => "custom_tool_call"u8,
        ConversationItemKind.CustomToolCallOutput => "custom_tool_call_output"u8,
        ConversationItemKind.CompactionMarker => "compaction_marker"u8,
        _ => Unnamed(value),
    };

    public static ReadOnlySpan<byte> Of(TerminalOperationKind value) => value switch
    {
        TerminalOperationKind.ExecCommand => "exec_command"u8,
        TerminalOperationKind.WriteStdin => "write_stdin"u8,
        _ => Unnamed(value),
    };

    public static ReadOnlySpan<byte> Of(InteractionEdgeKind value) => value switch
    {
        InteractionEdgeKind.SpawnAgent => "spawn_agent"u8,
        InteractionEdgeKind.AssignAgentTask => "assign_agent_task"u8,
        InteractionEdgeKind.SendMessage => "send_message"u8,
        InteractionEdgeKind.AgentResult => "agent_result"u8,
        InteractionEdgeKind.CloseAgent => "close_agent"u8,
        _ => Unnamed(value),
    };

    public static ReadOnlySpan<byte> Of(DiagnosticSeverity value) => value switch
    {
        DiagnosticSeverity.Information => "information"u8,
        DiagnosticSeverity.Warning => "warning"u8,
        DiagnosticSeverity.Error => "error"u8,
        _ => Unnamed(value),
    };

    public static ReadOnlySpan<byte> Of(ToolCallKindType value) => value switch
    {
        ToolCallKindType.ExecCommand => "exec_command"u8,
        ToolCallKindType.WriteStdin => "write_stdin"u8,
        ToolCallKindType.ApplyPatch => "apply_patch"u8,
        ToolCallKindType.Web => "web"u8,
        ToolCallKindType.ImageGeneration => "image_generation"u8,
        ToolCallKindType.SpawnAgent => "spawn_agent"u8,
        ToolCallKindType.AssignAgentTask => "assign_agent_task"u8,
        ToolCallKindType.SendMessage => "send_message"u8,
        ToolCallKindType.WaitAgent => "wait_agent"u8,
        ToolCallKindType.CloseAgent => "close_agent"u8,
        ToolCallKindType.Mcp => "mcp"u8,
        ToolCallKindType.Other => "other"u8,
        _ => Unnamed(value),
    };

    public static ReadOnlySpan<byte> Of(PayloadKind value) => value switch
    {
        PayloadKind.InferenceRequest => "inference_request"u8,
        PayloadKind.InferenceResponse => "inference_response"u8,
        PayloadKind.CompactionRequest => "compaction_request"u8,
        PayloadKind.CompactionResponse => "compaction_response"u8,
        PayloadKind.CompactionCheckpoint => "compaction_checkpoint"u8,
        PayloadKind.ToolInvocation => "tool_invocation"u8,
        PayloadKind.ToolResult => "tool_result"u8,
        PayloadKind.ToolRuntimeEvent => "tool_runtime_event"u8,
        PayloadKind.TerminalRuntimeEvent => "terminal_runtime_event"u8,
        PayloadKind.ProtocolEvent => "protocol_event"u8,
        PayloadKind.SessionMetadata => "session_metadata"u8,
        PayloadKind.AgentResult => "agent_result"u8,
        _ => Unnamed(value),
    };

    private static ReadOnlySpan<byte> Unnamed(Enum value) => throw new InvalidOperationException($"{value.GetType().Name} has no value {value}");
}

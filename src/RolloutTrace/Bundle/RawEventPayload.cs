using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>What a raw event observed: one sealed record an event type, told apart in JSON by <c>type</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(RolloutStartedEvent), "rollout_started")]
[JsonDerivedType(typeof(RolloutEndedEvent), "rollout_ended")]
[JsonDerivedType(typeof(ThreadStartedEvent), "thread_started")]
[JsonDerivedType(typeof(ThreadEndedEvent), "thread_ended")]
[JsonDerivedType(typeof(CodexTurnStartedEvent), "codex_turn_started")]
[JsonDerivedType(typeof(CodexTurnEndedEvent), "codex_turn_ended")]
[JsonDerivedType(typeof(InferenceStartedEvent), "inference_started")]
[JsonDerivedType(typeof(InferenceCompletedEvent), "inference_completed")]
[JsonDerivedType(typeof(InferenceFailedEvent), "inference_failed")]
[JsonDerivedType(typeof(InferenceCancelledEvent), "inference_cancelled")]
[JsonDerivedType(typeof(ToolCallStartedEvent), "tool_call_started")]
[JsonDerivedType(typeof(McpToolCallCorrelationAssignedEvent), "mcp_tool_call_correlation_assigned")]
[JsonDerivedType(typeof(ToolCallRuntimeStartedEvent), "tool_call_runtime_started")]
[JsonDerivedType(typeof(ToolCallRuntimeEndedEvent), "tool_call_runtime_ended")]
[JsonDerivedType(typeof(ToolCallEndedEvent), "tool_call_ended")]
[JsonDerivedType(typeof(CodeCellStartedEvent), "code_cell_started")]
[JsonDerivedType(typeof(CodeCellInitialResponseEvent), "code_cell_initial_response")]
[JsonDerivedType(typeof(CodeCellEndedEvent), "code_cell_ended")]
[JsonDerivedType(typeof(CompactionRequestStartedEvent), "compaction_request_started")]
[JsonDerivedType(typeof(CompactionRequestCompletedEvent), "compaction_request_completed")]
[JsonDerivedType(typeof(CompactionRequestFailedEvent), "compaction_request_failed")]
[JsonDerivedType(typeof(CompactionInstalledEvent), "compaction_installed")]
[JsonDerivedType(typeof(AgentResultObservedEvent), "agent_result_observed")]
[JsonDerivedType(typeof(ProtocolEventObservedEvent), "protocol_event_observed")]
[JsonDerivedType(typeof(OtherEvent), "other")]
public abstract record RawEventPayload
{
    private protected RawEventPayload()
    {
    }

    /// <summary>The payloads that the event names, in the order of its members.</summary>
    [JsonIgnore]
    public virtual IReadOnlyList<PayloadReference> PayloadReferences => [];
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>The runtime is done with a tool call. In JSON: <c>tool_call_runtime_ended</c>.</summary>
public sealed record ToolCallRuntimeEndedEvent : RawEventPayload
{
    internal const string TypeName = "tool_call_runtime_ended";

    /// <summary>Id of the tool call, unique in the rollout.</summary>
    public required string ToolCallId { get; init; }

    /// <summary>How it ended: completed, failed, cancelled or aborted.</summary>
    public required ExecutionStatus Status { get; init; }

    /// <summary>What the runtime said at its end.</summary>
    public required PayloadReference RuntimePayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => [RuntimePayload];

    /// <inheritdoc/>
    [JsonIgnore]
    public override PayloadReference? NeededPayload => RuntimePayload;

    internal static ToolCallRuntimeEndedEvent Read(ref CanonicalJson json) => new()
    {
        ToolCallId = json.Text("tool_call_id"u8),
        Status = json.Enum<ExecutionStatus>("status"u8),
        RuntimePayload = json.Reference("runtime_payload"u8),
    };

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, TypeName);
        json.WriteString("tool_call_id"u8, ToolCallId);
        json.WriteEnum("status"u8, Status);
        json.WriteReference("runtime_payload"u8, RuntimePayload);
    }
}

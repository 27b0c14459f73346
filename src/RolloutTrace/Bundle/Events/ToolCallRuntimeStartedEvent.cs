using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>The runtime began to carry out a tool call. In JSON: <c>tool_call_runtime_started</c>.</summary>
public sealed record ToolCallRuntimeStartedEvent : RawEventPayload
{
    internal const string TypeName = "tool_call_runtime_started";

    /// <summary>Id of the tool call, unique in the rollout.</summary>
    public required string ToolCallId { get; init; }

    /// <summary>What the runtime said at its start.</summary>
    public required PayloadReference RuntimePayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => [RuntimePayload];

    internal static ToolCallRuntimeStartedEvent Read(ref CanonicalJson json) => new()
    {
        ToolCallId = json.Text("tool_call_id"u8),
        RuntimePayload = json.Reference("runtime_payload"u8),
    };

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, TypeName);
        json.WriteString("tool_call_id"u8, ToolCallId);
        json.WriteReference("runtime_payload"u8, RuntimePayload);
    }
}

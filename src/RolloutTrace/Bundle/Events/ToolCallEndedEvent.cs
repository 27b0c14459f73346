using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>The caller of a tool has its result. In JSON: <c>tool_call_ended</c>.</summary>
public sealed record ToolCallEndedEvent : RawEventPayload
{
    internal const string TypeName = "tool_call_ended";

    /// <summary>Id of the tool call, unique in the rollout.</summary>
    public required string ToolCallId { get; init; }

    /// <summary>How it ended: completed, failed, cancelled or aborted.</summary>
    public required ExecutionStatus Status { get; init; }

    /// <summary>What the caller got; null if it got nothing.</summary>
    public PayloadReference? ResultPayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => ResultPayload is null ? [] : [ResultPayload];

    internal static ToolCallEndedEvent Read(ref CanonicalJson json) => new()
    {
        ToolCallId = json.Text("tool_call_id"u8),
        Status = json.Enum<ExecutionStatus>("status"u8),
        ResultPayload = json.OptionalReference("result_payload"u8),
    };

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, TypeName);
        json.WriteString("tool_call_id"u8, ToolCallId);
        json.WriteEnum("status"u8, Status);
        json.WriteReference("result_payload"u8, ResultPayload);
    }
}

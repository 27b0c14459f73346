using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>The runtime is done with a tool call. In JSON: <c>tool_call_runtime_ended</c>.</summary>
public sealed record ToolCallRuntimeEndedEvent : RawEventPayload
{
    /// <summary>The call.</summary>
    public required string ToolCallId { get; init; }

    /// <summary>How it ended.</summary>
    public required ExecutionStatus Status { get; init; }

    /// <summary>What came of it.</summary>
    public required PayloadReference RuntimePayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => [RuntimePayload];
}

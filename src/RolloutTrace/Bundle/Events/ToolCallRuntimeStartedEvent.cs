using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>The runtime began to carry out a tool call. In JSON: <c>tool_call_runtime_started</c>.</summary>
public sealed record ToolCallRuntimeStartedEvent : RawEventPayload
{
    /// <summary>The call.</summary>
    public required string ToolCallId { get; init; }

    /// <summary>How it began.</summary>
    public required PayloadReference RuntimePayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => [RuntimePayload];
}

using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>The caller of a tool has its result. In JSON: <c>tool_call_ended</c>.</summary>
public sealed record ToolCallEndedEvent : RawEventPayload
{
    /// <summary>The call.</summary>
    public required string ToolCallId { get; init; }

    /// <summary>How it ended.</summary>
    public required ExecutionStatus Status { get; init; }

    /// <summary>The result.</summary>
    public PayloadReference? ResultPayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => ResultPayload is null ? [] : [ResultPayload];
}

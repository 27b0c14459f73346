using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>A tool call was dispatched. In JSON: <c>tool_call_started</c>.</summary>
public sealed record ToolCallStartedEvent : RawEventPayload
{
    /// <summary>The call, unique in the rollout.</summary>
    public required string ToolCallId { get; init; }

    /// <summary>The id by which the model knows the call.</summary>
    public string? ModelVisibleCallId { get; init; }

    /// <summary>The code-mode runtime's id of the call.</summary>
    public string? CodeModeRuntimeToolId { get; init; }

    /// <summary>Who asked.</summary>
    public required ToolRequester Requester { get; init; }

    /// <summary>What kind of tool.</summary>
    public required ToolCallKind Kind { get; init; }

    /// <summary>Label and previews.</summary>
    public required ToolCallSummary Summary { get; init; }

    /// <summary>What was asked for.</summary>
    public PayloadReference? InvocationPayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => InvocationPayload is null ? [] : [InvocationPayload];
}

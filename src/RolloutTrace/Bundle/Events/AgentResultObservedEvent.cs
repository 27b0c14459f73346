using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>A child agent's result was delivered to its parent. In JSON: <c>agent_result_observed</c>.</summary>
public sealed record AgentResultObservedEvent : RawEventPayload
{
    /// <summary>Identity of the delivery.</summary>
    public required string EdgeId { get; init; }

    /// <summary>Whose result it is.</summary>
    public required string ChildThreadId { get; init; }

    /// <summary>The turn that ended with it.</summary>
    public required string ChildCodexTurnId { get; init; }

    /// <summary>Who gets it.</summary>
    public required string ParentThreadId { get; init; }

    /// <summary>The result as the parent reads it.</summary>
    public required string Message { get; init; }

    /// <summary>The result with its status.</summary>
    public PayloadReference? CarriedPayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => CarriedPayload is null ? [] : [CarriedPayload];
}

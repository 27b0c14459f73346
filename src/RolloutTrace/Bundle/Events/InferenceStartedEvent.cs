using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>A model request, one attempt, went out. In JSON: <c>inference_started</c>.</summary>
public sealed record InferenceStartedEvent : RawEventPayload
{
    /// <summary>The attempt.</summary>
    public required string InferenceCallId { get; init; }

    /// <summary>Its thread.</summary>
    public required string ThreadId { get; init; }

    /// <summary>Its turn.</summary>
    public required string CodexTurnId { get; init; }

    /// <summary>The model asked for.</summary>
    public required string Model { get; init; }

    /// <summary>Who serves the model.</summary>
    public required string ProviderName { get; init; }

    /// <summary>The request as sent.</summary>
    public required PayloadReference RequestPayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => [RequestPayload];
}

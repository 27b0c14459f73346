using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>A model request gave its whole response. In JSON: <c>inference_completed</c>.</summary>
public sealed record InferenceCompletedEvent : RawEventPayload
{
    /// <summary>The attempt.</summary>
    public required string InferenceCallId { get; init; }

    /// <summary>The provider's id of the response.</summary>
    public string? ResponseId { get; init; }

    /// <summary>The provider's id of the request.</summary>
    public string? UpstreamRequestId { get; init; }

    /// <summary>The completed output items.</summary>
    public required PayloadReference ResponsePayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => [ResponsePayload];
}

using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>A model request was given up. In JSON: <c>inference_cancelled</c>.</summary>
public sealed record InferenceCancelledEvent : RawEventPayload
{
    /// <summary>The attempt.</summary>
    public required string InferenceCallId { get; init; }

    /// <summary>The provider's id of the request.</summary>
    public string? UpstreamRequestId { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>What had arrived by then.</summary>
    public PayloadReference? PartialResponsePayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => PartialResponsePayload is null ? [] : [PartialResponsePayload];
}

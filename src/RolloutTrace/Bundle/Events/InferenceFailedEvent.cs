using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>A model request failed. In JSON: <c>inference_failed</c>.</summary>
public sealed record InferenceFailedEvent : RawEventPayload
{
    /// <summary>The attempt.</summary>
    public required string InferenceCallId { get; init; }

    /// <summary>The provider's id of the request.</summary>
    public string? UpstreamRequestId { get; init; }

    /// <summary>What went wrong.</summary>
    public required string Error { get; init; }

    /// <summary>What had arrived by then.</summary>
    public PayloadReference? PartialResponsePayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => PartialResponsePayload is null ? [] : [PartialResponsePayload];
}

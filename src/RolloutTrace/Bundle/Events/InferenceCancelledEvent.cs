using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>A model request was given up. In JSON: <c>inference_cancelled</c>.</summary>
public sealed record InferenceCancelledEvent : RawEventPayload
{
    internal const string TypeName = "inference_cancelled";

    /// <summary>Id of the attempt, unique in the rollout.</summary>
    public required string InferenceCallId { get; init; }

    /// <summary>The provider's id of the request.</summary>
    public string? UpstreamRequestId { get; init; }

    /// <summary>Why it was cancelled, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>What had arrived by then.</summary>
    public PayloadReference? PartialResponsePayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => PartialResponsePayload is null ? [] : [PartialResponsePayload];

    /// <inheritdoc/>
    [JsonIgnore]
    public override PayloadReference? NeededPayload => PartialResponsePayload;

    internal static InferenceCancelledEvent Read(ref CanonicalJson json) => new()
    {
        InferenceCallId = json.Text("inference_call_id"u8),
        UpstreamRequestId = json.OptionalText("upstream_request_id"u8),
        Reason = json.Text("reason"u8),
        PartialResponsePayload = json.OptionalReference("partial_response_payload"u8),
    };

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, TypeName);
        json.WriteString("inference_call_id"u8, InferenceCallId);
        json.WriteString("upstream_request_id"u8, UpstreamRequestId);
        json.WriteString("reason"u8, Reason);
        json.WriteReference("partial_response_payload"u8, PartialResponsePayload);
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>A model request failed. In JSON: <c>inference_failed</c>.</summary>
public sealed record InferenceFailedEvent : RawEventPayload
{
    internal const string TypeName = "inference_failed";

    /// <summary>Id of the attempt, unique in the rollout.</summary>
    public required string InferenceCallId { get; init; }

    /// <summary>The provider's id of the request.</summary>
    public string? UpstreamRequestId { get; init; }

    /// <summary>What went wrong, in words.</summary>
    public required string Error { get; init; }

    /// <summary>What had arrived by then.</summary>
    public PayloadReference? PartialResponsePayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => PartialResponsePayload is null ? [] : [PartialResponsePayload];

    /// <inheritdoc/>
    [JsonIgnore]
    public override PayloadReference? NeededPayload => PartialResponsePayload;

    internal static InferenceFailedEvent Read(ref CanonicalJson json) => new()
    {
        InferenceCallId = json.Text("inference_call_id"u8),
        UpstreamRequestId = json.OptionalText("upstream_request_id"u8),
        Error = json.Text("error"u8),
        PartialResponsePayload = json.OptionalReference("partial_response_payload"u8),
    };

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, TypeName);
        json.WriteString("inference_call_id"u8, InferenceCallId);
        json.WriteString("upstream_request_id"u8, UpstreamRequestId);
        json.WriteString("error"u8, Error);
        json.WriteReference("partial_response_payload"u8, PartialResponsePayload);
    }
}

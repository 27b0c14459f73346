using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>A model request gave its whole response. In JSON: <c>inference_completed</c>.</summary>
public sealed record InferenceCompletedEvent : RawEventPayload
{
    internal const string TypeName = "inference_completed";

    /// <summary>Id of the attempt, unique in the rollout.</summary>
    public required string InferenceCallId { get; init; }

    /// <summary>The provider's id of the response.</summary>
    public string? ResponseId { get; init; }

    /// <summary>The provider's id of the request.</summary>
    public string? UpstreamRequestId { get; init; }

    /// <summary>The response: its id, tokens and completed output items.</summary>
    public required PayloadReference ResponsePayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => [ResponsePayload];

    /// <inheritdoc/>
    [JsonIgnore]
    public override PayloadReference? NeededPayload => ResponsePayload;

    internal static InferenceCompletedEvent Read(ref CanonicalJson json) => new()
    {
        InferenceCallId = json.Text("inference_call_id"u8),
        ResponseId = json.OptionalText("response_id"u8),
        UpstreamRequestId = json.OptionalText("upstream_request_id"u8),
        ResponsePayload = json.Reference("response_payload"u8),
    };

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, TypeName);
        json.WriteString("inference_call_id"u8, InferenceCallId);
        json.WriteString("response_id"u8, ResponseId);
        json.WriteString("upstream_request_id"u8, UpstreamRequestId);
        json.WriteReference("response_payload"u8, ResponsePayload);
    }
}

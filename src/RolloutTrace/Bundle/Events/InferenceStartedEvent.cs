using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>A model request, one attempt, went out. In JSON: <c>inference_started</c>.</summary>
public sealed record InferenceStartedEvent : RawEventPayload
{
    internal const string TypeName = "inference_started";

    /// <summary>Id of the attempt, unique in the rollout.</summary>
    public required string InferenceCallId { get; init; }

    /// <summary>Id of the agent's thread that makes it.</summary>
    public required string ThreadId { get; init; }

    /// <summary>Id of the turn that makes it.</summary>
    public required string CodexTurnId { get; init; }

    /// <summary>The model asked for, by the provider's name for it.</summary>
    public required string Model { get; init; }

    /// <summary>Who serves the model, such as <c>openai</c>.</summary>
    public required string ProviderName { get; init; }

    /// <summary>The request as it was sent: the model's whole input, or what is new since an earlier response.</summary>
    public required PayloadReference RequestPayload { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override IReadOnlyList<PayloadReference> PayloadReferences => [RequestPayload];

    /// <inheritdoc/>
    [JsonIgnore]
    public override PayloadReference? NeededPayload => RequestPayload;

    internal static InferenceStartedEvent Read(ref CanonicalJson json) => new()
    {
        InferenceCallId = json.Text("inference_call_id"u8),
        ThreadId = json.Text("thread_id"u8),
        CodexTurnId = json.Text("codex_turn_id"u8),
        Model = json.Text("model"u8),
        ProviderName = json.Text("provider_name"u8),
        RequestPayload = json.Reference("request_payload"u8),
    };

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, TypeName);
        json.WriteString("inference_call_id"u8, InferenceCallId);
        json.WriteString("thread_id"u8, ThreadId);
        json.WriteString("codex_turn_id"u8, CodexTurnId);
        json.WriteString("model"u8, Model);
        json.WriteString("provider_name"u8, ProviderName);
        json.WriteReference("request_payload"u8, RequestPayload);
    }
}

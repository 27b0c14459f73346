using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>A turn, one activation of a thread, began. In JSON: <c>codex_turn_started</c>.</summary>
public sealed record CodexTurnStartedEvent : RawEventPayload
{
    internal const string TypeName = "codex_turn_started";

    /// <summary>Id of the turn, unique in the rollout.</summary>
    public required string CodexTurnId { get; init; }

    /// <summary>Id of the agent's thread whose turn it is.</summary>
    public required string ThreadId { get; init; }

    /// <summary>
    /// Who called the turn from another process, where that is not what <see cref="BundleManifest.Caller"/> says; an extension of the format,
    /// left out where there is none.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CallerReference? Caller { get; init; }

    internal static CodexTurnStartedEvent Read(ref CanonicalJson json) => new()
    {
        CodexTurnId = json.Text("codex_turn_id"u8),
        ThreadId = json.Text("thread_id"u8),
        Caller = json.TryLiteral(",\"caller\":"u8) ? CallerReferenceConverter.Read(ref json) : null,
    };

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, TypeName);
        json.WriteString("codex_turn_id"u8, CodexTurnId);
        json.WriteString("thread_id"u8, ThreadId);
        if (Caller is not null)
        {
            json.WritePropertyName("caller"u8);
            CallerReferenceConverter.Write(json, Caller);
        }
    }
}

using System.Text.Json;

namespace RolloutTrace.Bundle;

/// <summary>A turn ended. In JSON: <c>codex_turn_ended</c>.</summary>
public sealed record CodexTurnEndedEvent : RawEventPayload
{
    internal const string TypeName = "codex_turn_ended";

    /// <summary>Id of the turn, unique in the rollout.</summary>
    public required string CodexTurnId { get; init; }

    /// <summary>How it ended: completed, failed, cancelled or aborted.</summary>
    public required ExecutionStatus Status { get; init; }

    internal static CodexTurnEndedEvent Read(ref CanonicalJson json) => new()
    {
        CodexTurnId = json.Text("codex_turn_id"u8),
        Status = json.Enum<ExecutionStatus>("status"u8),
    };

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, TypeName);
        json.WriteString("codex_turn_id"u8, CodexTurnId);
        json.WriteEnum("status"u8, Status);
    }
}

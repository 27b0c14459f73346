using System.Text.Json;

namespace RolloutTrace.Bundle;

/// <summary>The rollout ended: written after the root thread's end. In JSON: <c>rollout_ended</c>.</summary>
public sealed record RolloutEndedEvent : RawEventPayload
{
    internal const string TypeName = "rollout_ended";

    /// <summary>How it ended: completed, failed or aborted.</summary>
    public required RolloutStatus Status { get; init; }

    internal static RolloutEndedEvent Read(ref CanonicalJson json) => new()
    {
        Status = json.Enum<RolloutStatus>("status"u8),
    };

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, TypeName);
        json.WriteEnum("status"u8, Status);
    }
}

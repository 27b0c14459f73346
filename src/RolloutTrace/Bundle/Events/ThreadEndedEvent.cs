using System.Text.Json;

namespace RolloutTrace.Bundle;

/// <summary>An agent's thread ended. A child's end does not end the rollout. In JSON: <c>thread_ended</c>.</summary>
public sealed record ThreadEndedEvent : RawEventPayload
{
    internal const string TypeName = "thread_ended";

    /// <summary>Id of the agent's thread, unique in the rollout.</summary>
    public required string ThreadId { get; init; }

    /// <summary>How it ended: completed, failed or aborted.</summary>
    public required RolloutStatus Status { get; init; }

    internal static ThreadEndedEvent Read(ref CanonicalJson json) => new()
    {
        ThreadId = json.Text("thread_id"u8),
        Status = json.Enum<RolloutStatus>("status"u8),
    };

    internal override void Write(Utf8JsonWriter json)
    {
        json.WriteString("type"u8, TypeName);
        json.WriteString("thread_id"u8, ThreadId);
        json.WriteEnum("status"u8, Status);
    }
}

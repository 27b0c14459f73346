namespace RolloutTrace.Bundle;

/// <summary>The rollout ended: written after the root thread's end. In JSON: <c>rollout_ended</c>.</summary>
public sealed record RolloutEndedEvent : RawEventPayload
{
    /// <summary>How it ended.</summary>
    public required RolloutStatus Status { get; init; }
}

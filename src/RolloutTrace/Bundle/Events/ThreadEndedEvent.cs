namespace RolloutTrace.Bundle;

/// <summary>An agent's thread ended. A child's end does not end the rollout. In JSON: <c>thread_ended</c>.</summary>
public sealed record ThreadEndedEvent : RawEventPayload
{
    /// <summary>The thread.</summary>
    public required string ThreadId { get; init; }

    /// <summary>How it ended.</summary>
    public required RolloutStatus Status { get; init; }
}

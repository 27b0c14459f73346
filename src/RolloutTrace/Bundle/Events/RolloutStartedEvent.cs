namespace RolloutTrace.Bundle;

/// <summary>A recording began. In JSON: <c>rollout_started</c>.</summary>
public sealed record RolloutStartedEvent : RawEventPayload
{
    /// <summary>Identity of the recording.</summary>
    public required string TraceId { get; init; }

    /// <summary>The root agent's thread.</summary>
    public required string RootThreadId { get; init; }
}

namespace RolloutTrace.Bundle;

/// <summary>A turn ended. In JSON: <c>codex_turn_ended</c>.</summary>
public sealed record CodexTurnEndedEvent : RawEventPayload
{
    /// <summary>The turn.</summary>
    public required string CodexTurnId { get; init; }

    /// <summary>How it ended.</summary>
    public required ExecutionStatus Status { get; init; }
}

namespace RolloutTrace.Bundle;

/// <summary>A turn, one activation of a thread, began. In JSON: <c>codex_turn_started</c>.</summary>
public sealed record CodexTurnStartedEvent : RawEventPayload
{
    /// <summary>The turn.</summary>
    public required string CodexTurnId { get; init; }

    /// <summary>The thread it activates.</summary>
    public required string ThreadId { get; init; }
}

using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>One line of the event log: an observation with its place in the causal order.</summary>
public sealed record RawEvent
{
    /// <summary>Version of the bundle format; 1.</summary>
    [JsonRequired]
    public int SchemaVersion { get; init; } = BundleLayout.SchemaVersion;

    /// <summary>Place in the causal order. A writer counts from 1 without holes; a reader does not rely on it.</summary>
    public required long Seq { get; init; }

    /// <summary>Wall clock in milliseconds since the Unix epoch. For display: it may repeat or step back.</summary>
    public required long WallTimeUnixMs { get; init; }

    /// <summary>The rollout that the event belongs to.</summary>
    public required string RolloutId { get; init; }

    /// <summary>The thread in whose context the event was observed, if there is one.</summary>
    public string? ThreadId { get; init; }

    /// <summary>The turn in whose context the event was observed, if there is one.</summary>
    public string? CodexTurnId { get; init; }

    /// <summary>What was observed.</summary>
    public required RawEventPayload Payload { get; init; }

    /// <summary>The span that the event comes from; our extension of the format, left out where there is no span.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EventSpan? Otel { get; init; }
}

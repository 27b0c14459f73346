using System.Text.Json.Serialization;

namespace RolloutTrace.Payloads;

/// <summary>What an agent tool did, the message being in the tool's own arguments.</summary>
internal sealed record AgentActivityPayload
{
    public required string EventId { get; init; }

    public required long OccurredAtMs { get; init; }

    public required string AgentThreadId { get; init; }

    public required string AgentPath { get; init; }

    /// <summary>started, interacted or interrupted.</summary>
    public required string Kind { get; init; }

    /// <summary>One of <see cref="RolloutLinkKinds"/>, where the kind of the tool does not tell which of them it is; left out otherwise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Interaction { get; init; }
}

/// <summary>How a spawning tool ended, with the message.</summary>
internal sealed record AgentSpawnEndPayload
{
    public required string CallId { get; init; }

    public required long CompletedAtMs { get; init; }

    public required string SenderThreadId { get; init; }

    public required string NewThreadId { get; init; }

    public required string Prompt { get; init; }

    public required string Model { get; init; }

    /// <summary>Nobody says it to a handle, and readers ask for it: empty.</summary>
    public string ReasoningEffort { get; } = "";

    public string Status { get; } = "running";
}

/// <summary>How a tool that messages or tasks an agent ended, with the message.</summary>
internal sealed record AgentInteractionEndPayload
{
    public required string CallId { get; init; }

    public required long CompletedAtMs { get; init; }

    public required string SenderThreadId { get; init; }

    public required string ReceiverThreadId { get; init; }

    public required string Prompt { get; init; }

    /// <summary>As that of <see cref="AgentActivityPayload"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Interaction { get; init; }

    public string Status { get; } = "running";
}

using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>The life of one agent: the root, or one spawned below it.</summary>
public sealed record AgentThread
{
    /// <summary>The thread's id.</summary>
    public required string ThreadId { get; init; }

    /// <summary><c>/root</c>, or that followed by <c>/name</c> for each level.</summary>
    public required string AgentPath { get; init; }

    /// <summary>The agent's nickname, if its metadata gave one.</summary>
    public string? Nickname { get; init; }

    /// <summary>Where the thread comes from.</summary>
    public required ThreadOrigin Origin { get; init; }

    /// <summary>When it ran.</summary>
    public required ExecutionWindow Execution { get; init; }

    /// <summary>The model that its metadata names.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>Every conversation item of the thread, in order of first appearance.</summary>
    public IdList ConversationItemIds { get; init; } = IdList.Empty;

    /// <summary>The session's span, if the recording names it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SpanReference? Otel { get; init; }
}

using System.Text.Json.Serialization;
using RolloutTrace.Bundle;

namespace RolloutTrace.Payloads;

/// <summary>The document <c>session_metadata</c>.</summary>
internal sealed record SessionMetadataPayload
{
    public required string ThreadId { get; init; }

    public required string AgentPath { get; init; }

    public string? TaskName { get; init; }

    public string? Nickname { get; init; }

    public string? AgentRole { get; init; }

    /// <summary>Text for a root session, a <see cref="SubagentSource"/> for a spawned one.</summary>
    public required JsonPayload SessionSource { get; init; }

    public required string Cwd { get; init; }

    public string? RolloutPath { get; init; }

    public required string Model { get; init; }

    public required string ProviderName { get; init; }

    public required string ApprovalPolicy { get; init; }

    public required JsonPayload SandboxPolicy { get; init; }

    /// <summary>By which rule a conversation that nobody named was told from others; null where the caller said it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ThreadRule { get; init; }

    /// <summary>Who called the rollout from another process; of a root session alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CallerReference? Caller { get; init; }
}

/// <summary>The source of a spawned session.</summary>
internal sealed record SubagentSource
{
    public required Spawn Subagent { get; init; }

    internal sealed record Spawn
    {
        public required ThreadSpawn ThreadSpawn { get; init; }
    }

    internal sealed record ThreadSpawn
    {
        public required string ParentThreadId { get; init; }

        /// <summary>How many spawns below the root.</summary>
        public required int Depth { get; init; }

        public required string AgentPath { get; init; }

        public string? AgentNickname { get; init; }

        public string? AgentRole { get; init; }

        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? TaskName { get; init; }

        /// <summary>The tool call of any kind that brought the thread about; null where the call's own events tell it.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? ToolCallId { get; init; }
    }
}

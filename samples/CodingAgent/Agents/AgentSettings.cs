using CodingAgent.Helpers;
using CodingAgent.Model;
using RolloutTrace;

namespace CodingAgent.Agents;

/// <summary>What all agents of a rollout have in common.</summary>
internal sealed record AgentSettings
{
    public required ModelEndpoint Endpoint { get; init; }

    /// <summary>The directory in which the agents work.</summary>
    public required string Workspace { get; init; }

    /// <summary>Tokens of a response, input included, above which the history is compacted.</summary>
    public long CompactionLimit { get; init; } = 150_000;

    public RetryPlan Retries { get; init; } = new(MaxAttempts: 4, FirstDelay: TimeSpan.FromMilliseconds(500));

    /// <summary>Address of an MCP server whose tools the agents have too; null for none.</summary>
    public Uri? McpServer { get; init; }

    /// <summary>How a helper in a process of its own is started; null for helpers in this one alone.</summary>
    public HelperCommand? Helper { get; init; }

    /// <summary>What the root agent is called; null for nothing.</summary>
    public string? Nickname { get; init; }

    /// <summary>Who calls from another process; null where that is known without.</summary>
    public RolloutCaller? Caller { get; init; }

    /// <summary>How many agents there may be in one rollout, the root included.</summary>
    public int MaxAgents { get; init; } = 8;
}

using RolloutTrace.Bundle;

namespace RolloutTrace.Extensions.AI.Requests;

/// <summary>What is known of the agent that a request is for.</summary>
internal readonly record struct AgentFacts
{
    public string? Name { get; init; }

    public string? Id { get; init; }

    public string? Model { get; init; }

    public string? ProviderName { get; init; }

    public ReplayOrigin? ReplayedFrom { get; init; }

    /// <summary>What tells the agent from others: its id, else its name, else who serves which model.</summary>
    public string Key => Id ?? Name ?? $"{ProviderName}/{Model}";
}

namespace RolloutTrace;

/// <summary>What is known of a spawned agent's session when it starts. All members are optional; what is not given is the parent's.</summary>
public readonly struct SpawnAgentOptions
{
    /// <summary>Name of the agent for people; by default the name in its path.</summary>
    public string? AgentName { get; init; }

    /// <summary>Id of the thread, by preference a UUID of version 7; a fresh one by default. Give the old one when an agent is loaded again.</summary>
    public string? ThreadId { get; init; }

    /// <summary>The model that the agent uses unless a request names another; by default the parent's.</summary>
    public string? Model { get; init; }

    /// <summary>Who serves the model; by default as for the parent.</summary>
    public string? ProviderName { get; init; }

    /// <summary>The role that the agent was given.</summary>
    public string? AgentRole { get; init; }

    /// <summary>A name of the agent for people; null if it has none.</summary>
    public string? Nickname { get; init; }

    /// <summary>
    /// Where the model is served, such as <c>https://api.openai.com/v1</c>: its host and port stand on the spans of requests, and
    /// nothing else of it. By default where the parent's is.
    /// </summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Name of the task; by default the name in the agent's path.</summary>
    public string? TaskName { get; init; }

    /// <summary>
    /// The first message, for a spawning tool whose arguments do not have it in a member <c>message</c>.
    /// </summary>
    public string? Message { get; init; }

    /// <summary>The agent's working directory; by default the parent's.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Path of the agent's own log of the session, if it writes one.</summary>
    public string? RolloutPath { get; init; }
}

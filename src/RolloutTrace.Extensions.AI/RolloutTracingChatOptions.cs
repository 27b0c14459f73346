namespace RolloutTrace.Extensions.AI;

/// <summary>How a chat client's requests are recorded. All members are optional.</summary>
public sealed class RolloutTracingChatOptions
{
    /// <summary>
    /// Name of the agent that the requests are for, where no span or run of a framework tells it. Requests of different agents never
    /// belong to one conversation. By default the client's provider and model stand for the agent.
    /// </summary>
    public string? AgentName { get; set; }

    /// <summary>
    /// Whether a <see cref="RolloutTracingHttpHandler"/>, or a policy that does the same, sees what goes over the wire: then that is
    /// recorded, each attempt as a request of its own, and not what the program gave. A request that never gets there is recorded as
    /// given when it ends. False by default.
    /// </summary>
    public bool FromWire { get; set; }
}

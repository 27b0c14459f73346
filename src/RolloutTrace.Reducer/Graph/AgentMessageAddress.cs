namespace RolloutTrace.Reducer;

/// <summary>Sender and receiver of a message between agents, as agent paths.</summary>
public sealed record AgentMessageAddress
{
    /// <summary>Path of the agent that wrote it.</summary>
    public required string Author { get; init; }

    /// <summary>Path of the agent it is for.</summary>
    public required string Recipient { get; init; }
}

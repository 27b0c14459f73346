namespace RolloutTrace.Analysis.Exporting;

/// <summary>What a session's metadata say that the state does not keep.</summary>
internal sealed record ThreadFact
{
    public string? ProviderName { get; init; }

    public string? Model { get; init; }

    public string? AgentRole { get; init; }
}

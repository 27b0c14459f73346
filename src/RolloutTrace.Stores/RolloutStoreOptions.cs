namespace RolloutTrace.Stores;

/// <summary>How a store, or a queue, is opened.</summary>
public sealed record RolloutStoreOptions
{
    /// <summary>On how many servers of a NATS cluster is kept what has to be made: from 1, the default, to 5. What is there stays as it is.</summary>
    public int Replicas { get; init; } = 1;

    /// <summary>How long a server may take to answer; 10 s by default. Whoever is not there is given up after it.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The environment's variables; null for one that is not set.</summary>
    internal Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;
}

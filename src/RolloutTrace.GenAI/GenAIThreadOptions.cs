namespace RolloutTrace.GenAI;

/// <summary>How threads are remembered, so that a conversation that comes back later goes on in its thread.</summary>
public sealed record GenAIThreadOptions
{
    /// <summary>How many threads are remembered at most; 8,192 by default, at least 1. Those not seen for longest are forgotten first.</summary>
    public int MaxThreads { get; init; } = 8192;

    /// <summary>How long a thread is remembered after it was last seen; a day by default.</summary>
    public TimeSpan Memory { get; init; } = TimeSpan.FromDays(1);
}

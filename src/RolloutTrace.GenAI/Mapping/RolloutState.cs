using RolloutTrace.GenAI.Threads;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>A rollout that is being recorded.</summary>
internal sealed class RolloutState(Rollout rollout, bool isExternal)
{
    public Rollout Rollout { get; } = rollout;

    /// <summary>Whether somebody else starts and ends it.</summary>
    public bool IsExternal { get; } = isExternal;

    /// <summary>The threads that have started, in that order.</summary>
    public List<KnownThread> Threads { get; } = [];

    public int OpenTurns { get; set; }

    public DateTimeOffset LastSeen { get; set; }

    public bool HasEnded { get; set; }
}

namespace RolloutTrace.Recorder.Diagnostics;

/// <summary>
/// Which causes of trouble are news. A cause is told once, until bundles can be written again; that is told too, at once the first
/// time. A cause that comes back soon after has to stay away for a while before it counts as over again, and longer each time: a disk
/// that is nearly full takes small bundles and refuses large ones, and nobody wants to be told so of each.
/// </summary>
/// <remarks>Arithmetic only: times are given, in milliseconds of any monotonic clock. Not safe for concurrent use.</remarks>
internal sealed class CauseNews
{
    /// <summary>How long a cause that has come back once must stay away.</summary>
    public const long CalmMilliseconds = 5000;

    /// <summary>The longest time that it must stay away, and how soon is soon.</summary>
    public const long MostCalmMilliseconds = 60_000;

    private readonly Dictionary<StopCause, State> states = [];

    /// <summary>Whether something works again and only time is missing until that is told.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>A bundle was stopped.</summary>
    /// <returns>Whether its cause is news.</returns>
    public bool Stopped(StopCause cause, long now)
    {
        if (!states.TryGetValue(cause, out var state))
        {
            states.Add(cause, state = new State());
        }

        (state.StoppedAt, state.Works) = (now, false);
        if (state.IsTold)
        {
            return false;
        }

        state.Calm = now - state.OverAt < MostCalmMilliseconds ? Math.Clamp(state.Calm * 2, CalmMilliseconds, MostCalmMilliseconds) : 0;
        state.IsTold = true;
        return true;
    }

    /// <summary>A new bundle could be written to.</summary>
    public void Works()
    {
        foreach (var state in states.Values)
        {
            state.Works = state.IsTold;
            IsWaiting |= state.Works;
        }
    }

    /// <summary>The causes that are over now and were not before.</summary>
    public IReadOnlyList<StopCause> TakeOver(long now)
    {
        List<StopCause> over = [];
        IsWaiting = false;
        foreach (var (cause, state) in states)
        {
            if (state.Works && now - state.StoppedAt >= state.Calm)
            {
                (state.IsTold, state.Works, state.OverAt) = (false, false, now);
                over.Add(cause);
            }

            IsWaiting |= state.Works;
        }

        return over;
    }

    private sealed class State
    {
        public bool IsTold { get; set; }

        public bool Works { get; set; }

        public long StoppedAt { get; set; }

        public long? OverAt { get; set; }

        public long Calm { get; set; }
    }
}

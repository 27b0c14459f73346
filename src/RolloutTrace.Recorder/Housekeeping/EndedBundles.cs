namespace RolloutTrace.Recorder.Housekeeping;

/// <summary>
/// Which bundles of rollouts that ended are to be worked on, and when: after nothing came of them for a while. Arithmetic only: times are given, in milliseconds of any
/// monotonic clock. Not safe for concurrent use.
/// </summary>
/// <typeparam name="T">What stands for a bundle.</typeparam>
internal sealed class EndedBundles<T>
    where T : notnull
{
    /// <summary>How long nothing must have come.</summary>
    public const long QuietMilliseconds = 5_000;

    /// <summary>How long, where agents have not ended.</summary>
    public const long QuietWithAgentsMilliseconds = 600_000;

    /// <summary>How long one rests that could not be worked on, as on a full disk.</summary>
    public const long AgainMilliseconds = 600_000;

    /// <summary>How many wait at most. Beyond that they stay as they are.</summary>
    public const int Most = 10_000;

    private readonly Dictionary<T, long> due = [];
    private readonly PriorityQueue<T, long> order = new();

    public int Count => due.Count;

    /// <summary>When the next one is due; null if there is none.</summary>
    public long? NextDue
    {
        get
        {
            DropOutdated();
            return order.TryPeek(out _, out var at) ? at : null;
        }
    }

    /// <summary>Something came of a bundle whose rollout has ended.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="hasAgents">Whether agents of it have not ended.</param>
    /// <param name="now">Now.</param>
    /// <returns>False if too many wait already.</returns>
    public bool TryPut(T bundle, bool hasAgents, long now) => TryPut(bundle, now + (hasAgents ? QuietWithAgentsMilliseconds : QuietMilliseconds));

    /// <summary>A bundle that was taken could not be worked on.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="now">Now.</param>
    /// <returns>False if too many wait already.</returns>
    public bool TryPutAgain(T bundle, long now) => TryPut(bundle, now + AgainMilliseconds);

    /// <summary>Takes one that is due.</summary>
    /// <param name="now">Now; <see cref="long.MaxValue"/> for any.</param>
    /// <param name="bundle">The bundle.</param>
    public bool TryTake(long now, out T bundle)
    {
        DropOutdated();
        if (order.TryPeek(out bundle!, out var at) && at <= now)
        {
            order.Dequeue();
            due.Remove(bundle);
            return true;
        }

        return false;
    }

    private bool TryPut(T bundle, long at)
    {
        if (due.Count >= Most && !due.ContainsKey(bundle))
        {
            return false;
        }

        due[bundle] = at;
        order.Enqueue(bundle, at);
        return true;
    }

    private void DropOutdated()
    {
        while (order.TryPeek(out var first, out var at) && !(due.TryGetValue(first, out var latest) && latest == at))
        {
            order.Dequeue();
        }
    }
}

namespace RolloutTrace.Import.Claude;

/// <summary>What is to be written by several agents that worked at the same time, in the order of time; at one time, in the order of adding.</summary>
internal sealed class Schedule
{
    private readonly List<(long Time, Action Action)> entries = [];
    private bool isOutOfOrder;

    public void Add(long time, Action action)
    {
        isOutOfOrder |= entries.Count > 0 && entries[^1].Time > time;
        entries.Add((time, action));
    }

    /// <summary>Does all of it, once. What is done is let go of.</summary>
    public void Run()
    {
        var places = isOutOfOrder ? Enumerable.Range(0, entries.Count).OrderBy(place => entries[place].Time) : Enumerable.Range(0, entries.Count);
        foreach (var place in places)
        {
            var action = entries[place].Action;
            entries[place] = default;
            action();
        }
    }
}

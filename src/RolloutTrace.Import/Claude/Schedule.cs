namespace RolloutTrace.Import.Claude;

/// <summary>What is to be written by several agents that worked at the same time, in the order of time; at one time, in the order of adding.</summary>
internal sealed class Schedule
{
    private readonly List<(long Time, Action Action)> entries = [];

    public void Add(long time, Action action) => entries.Add((time, action));

    /// <summary>Does all of it, once.</summary>
    public void Run()
    {
        foreach (var (_, action) in entries.OrderBy(static entry => entry.Time))
        {
            action();
        }
    }
}

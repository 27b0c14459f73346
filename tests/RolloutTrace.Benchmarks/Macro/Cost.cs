using System.Diagnostics;

namespace RolloutTrace.Benchmarks.Macro;

/// <summary>What a piece of work costs, once.</summary>
internal static class Cost
{
    public static double Milliseconds(Action work) => Nanoseconds(1, work) / 1e6;

    /// <summary>Nanoseconds for each of so many operations that the work does.</summary>
    public static double Nanoseconds(int operations, Action work)
    {
        // What an earlier piece left behind is not charged to this one.
        GC.Collect();
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / operations;
    }
}

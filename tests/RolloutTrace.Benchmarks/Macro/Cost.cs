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

    /// <summary>
    /// Nanoseconds for one operation: the median of many short slices, so that a slice in which the scheduler ran something
    /// else, or the garbage collector ran, does not count.
    /// </summary>
    public static double NanosecondsInSlices(int slices, int operationsInSlice, Action operation)
    {
        GC.Collect();
        var found = new double[slices];
        for (var slice = 0; slice < slices; slice++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < operationsInSlice; i++)
            {
                operation();
            }

            found[slice] = Stopwatch.GetElapsedTime(start).TotalNanoseconds / operationsInSlice;
        }

        return PairedRatio.Median(found);
    }
}

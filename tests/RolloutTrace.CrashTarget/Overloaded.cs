using System.Diagnostics;
using OpenTelemetry.Trace;
using RolloutTrace.Recorder;

namespace RolloutTrace.CrashTarget;

/// <summary>Records more than the disk can take, or while it takes nothing, and says what was made of it.</summary>
internal static class Overloaded
{
    private const int Threads = 8;
    private const int Turns = 20;

    /// <summary>
    /// Eight threads record one rollout after another as fast as they can, for some seconds. Says "made {rollouts} {events}", what
    /// was counted and reported, and "memory {before} {peak}".
    /// </summary>
    public static int Rollouts(string root, int seconds, int requestBytes, long limit)
    {
        var reports = new Reports();
        var before = Environment.WorkingSet;
        long peak = 0;
        long rollouts = 0;
        using var provider = Recorder.Start(root, o =>
        {
            o.QueueLimitBytes = limit;
            o.MaxCallerWait = TimeSpan.FromMilliseconds(100);
        });
        var request = Recorder.Request(requestBytes);
        var end = Environment.TickCount64 + (seconds * 1000);
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            while (Environment.TickCount64 < end)
            {
                using var session = RolloutTracing.StartSession();
                for (var i = 0; i < Turns; i++)
                {
                    Recorder.Turn(session, request);
                }

                session.Complete();
                Interlocked.Increment(ref rollouts);
            }
        })).ToArray();
        Array.ForEach(threads, t => t.Start());
        while (Environment.TickCount64 < end)
        {
            Thread.Sleep(50);
            peak = Math.Max(peak, Environment.WorkingSet);
        }

        Array.ForEach(threads, t => t.Join());
        provider.ForceFlush();
        Console.WriteLine($"made {rollouts} {rollouts * (4 + (Turns * 4))}");
        reports.Say();
        Console.WriteLine($"memory {before} {peak}");
        return 0;
    }

    /// <summary>Records one rollout until it loses something, then nothing at all. Says "over", and whether it was told so.</summary>
    public static int UntilOver(string root)
    {
        var reports = new Reports();
        using var provider = Recorder.Start(root, o =>
        {
            o.QueueLimitBytes = 1 << 20;
            o.MaxCallerWait = TimeSpan.Zero;
        });
        var request = Recorder.Request(100_000);
        using (var session = RolloutTracing.StartSession())
        {
            while (!reports.Hears("BundleStopped", TimeSpan.Zero))
            {
                Recorder.Turn(session, request);
            }
        }

        Console.WriteLine($"over {reports.Hears("RecordingResumed", TimeSpan.FromMinutes(1))}");
        return 0;
    }

    /// <summary>
    /// One rollout of a turn every 10 ms, for some seconds, whatever the disk does. Says "started" once something is on disk,
    /// "handed-over {events}", what was counted and reported, and "slowest {microseconds} {microseconds}": a turn's, and how late the
    /// machine woke a thread that does nothing.
    /// </summary>
    public static int Steady(string root, int seconds)
    {
        var reports = new Reports();
        using var provider = Recorder.Start(root);
        using var session = RolloutTracing.StartSession();
        var request = Recorder.Request(1000);
        Recorder.Turn(session, request);
        provider.ForceFlush();
        Console.WriteLine("started");
        var turns = 1;
        var slowest = TimeSpan.Zero;
        var latest = TimeSpan.Zero;
        var end = Environment.TickCount64 + (seconds * 1000);
        var idle = new Thread(() =>
        {
            while (Environment.TickCount64 < end)
            {
                var start = Stopwatch.GetTimestamp();
                Thread.Sleep(10);
                latest = TimeSpan.FromTicks(Math.Max(latest.Ticks, Stopwatch.GetElapsedTime(start).Ticks - TimeSpan.FromMilliseconds(10).Ticks));
            }
        });
        idle.Start();
        for (; Environment.TickCount64 < end; turns++)
        {
            var start = Stopwatch.GetTimestamp();
            Recorder.Turn(session, request);
            slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, Stopwatch.GetElapsedTime(start).Ticks));
            Thread.Sleep(10);
        }

        idle.Join();
        session.Complete();
        provider.ForceFlush();
        Console.WriteLine($"handed-over {4 + (turns * 4)}");
        Console.WriteLine($"slowest {(long)slowest.TotalMicroseconds} {(long)latest.TotalMicroseconds}");
        reports.Say();
        return 0;
    }
}

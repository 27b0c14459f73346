using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace RolloutTrace.CrashTarget;

/// <summary>Goes to the limits of what the recorder promises, and says what it found.</summary>
internal static class Limits
{
    /// <summary>Under a limit on the size of files, one rollout goes beyond it, another stays below.</summary>
    public static int FileSize(string root)
    {
        using (Recorder.Start(root))
        {
            using var large = RolloutTracing.StartSession(new() { ThreadId = "large" });
            using var small = RolloutTracing.StartSession(new() { ThreadId = "small" });
            Recorder.Turn(large, Recorder.Request(10));
            Recorder.Turn(large, Recorder.Request(200_000));
            Recorder.Turn(large, Recorder.Request(10));
            Recorder.Turn(small, Recorder.Request(10));
            small.Complete();
        }

        return 0;
    }

    /// <summary>Many rollouts at once.</summary>
    public static int ManyRollouts(string root, int count)
    {
        var most = 0;
        using (var provider = Recorder.Start(root, o => o.MaxCallerWait = TimeSpan.FromMinutes(5)))
        {
            var before = OpenFiles();
            var sessions = Enumerable.Range(0, count).Select(_ => RolloutTracing.StartSession()).ToArray();
            Parallel.For(0, 3, _ => Array.ForEach(sessions, s => s.StartTurn().Complete()));
            using var done = new ManualResetEventSlim();
            var watcher = new Thread(() =>
            {
                while (!done.Wait(5))
                {
                    most = Math.Max(most, OpenFiles() - before);
                }
            });
            watcher.Start();
            Array.ForEach(sessions, s => s.Complete());
            provider.ForceFlush();
            done.Set();
            watcher.Join();
        }

        Console.WriteLine($"open-files {most}");
        return 0;

        static int OpenFiles() => Directory.Exists("/proc/self/fd") ? Directory.GetFileSystemEntries("/proc/self/fd").Length : 0;
    }

    /// <summary>One session of many turns: memory after a fifth of it, and at its end.</summary>
    public static int LongSession(string root, int turns)
    {
        using var provider = Recorder.Start(root, o => o.MaxCallerWait = TimeSpan.FromMinutes(5));
        using var session = RolloutTracing.StartSession();
        Repeat(turns / 5);
        var early = Settled();
        Repeat(turns - (turns / 5));
        Console.WriteLine($"heap {early} {Settled()}");
        return 0;

        void Repeat(int times)
        {
            for (var i = 0; i < times; i++)
            {
                session.StartTurn().Complete();
            }
        }

        long Settled()
        {
            provider.ForceFlush();
            return GC.GetTotalMemory(forceFullCollection: true);
        }
    }

    /// <summary>64 threads record as fast as they can, each a rollout of its own, for some seconds.</summary>
    public static int Overload(string root, int seconds)
    {
        const int Threads = 64;
        const long Limit = 16 << 20;
        long peak = 0;
        var provider = Recorder.Start(root, o => o.QueueLimitBytes = Limit);
        var before = Process.GetCurrentProcess().WorkingSet64;
        var end = Environment.TickCount64 + (seconds * 1000);
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            using var session = RolloutTracing.StartSession();
            var request = Recorder.Request(1000);
            while (Environment.TickCount64 < end)
            {
                Recorder.Turn(session, request);
            }
        })).ToArray();
        Array.ForEach(threads, t => t.Start());
        while (Environment.TickCount64 < end)
        {
            Thread.Sleep(50);
            peak = Math.Max(peak, Environment.WorkingSet);
        }

        Array.ForEach(threads, t => t.Join());
        provider.Dispose();
        Console.WriteLine($"memory {before} {peak} {Limit}");
        return 0;
    }
}

using System.Diagnostics;
using OpenTelemetry.Trace;

namespace RolloutTrace.CrashTarget;

/// <summary>Records from several threads and says so, until somebody kills it.</summary>
internal static class Recording
{
    private const int Threads = 4;
    private const int EventsAtStart = 2;
    private const int EventsATurn = 4;

    // Four hundred turns a second are much for agents, and few enough for any disk to keep up with.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static int UntilKilled(string root)
    {
        using var provider = Recorder.Start(root);

        // A program that has just started compiles itself; that is not what is looked at here.
        using (var session = RolloutTracing.StartSession())
        {
            Recorder.Turn(session, Recorder.Request(500));
            provider.ForceFlush();
        }

        for (var i = 0; i < Threads; i++)
        {
            new Thread(Record).Start();
        }

        MeasureLateness(Path.Join(Path.GetDirectoryName(root), "probe"));
        return 0;
    }

    // Says "handed-over {milliseconds since boot} {bundle} {events}" behind each turn. The time is taken after the last event.
    private static void Record()
    {
        using var session = RolloutTracing.StartSession();
        var bundle = session.Activity!.GetTagItem(RolloutAttributes.Bundle);
        var request = Recorder.Request(500);
        for (var turns = 1; ; turns++)
        {
            Recorder.Turn(session, request);
            Console.Out.WriteLine($"handed-over {Environment.TickCount64} {bundle} {EventsAtStart + (turns * EventsATurn)}");
            Thread.Sleep(Pause);
        }
    }

    // Says "late {milliseconds}" when this machine lets a thread or a file wait longer than it should: nobody can promise to be
    // faster.
    private static void MeasureLateness(string probe)
    {
        var worst = 0L;
        while (true)
        {
            var clock = Stopwatch.StartNew();
            Thread.Sleep(10);
            File.WriteAllText(probe, "x");
            File.Delete(probe);
            var late = clock.ElapsedMilliseconds - 10;
            if (late > worst)
            {
                worst = late;
                Console.Out.WriteLine($"late {late}");
            }
        }
    }
}

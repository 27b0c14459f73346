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

    // More than the recorder writes in one pause: two payloads of each turn, and the lines.
    private const int FilesInPause = 12;

    private static long ticks;

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

        Tick(Path.Join(Path.GetDirectoryName(root), "probe"));
        return 0;
    }

    // Says "handed-over {ticks} {bundle} {events}" behind each turn. The time is taken after the last event.
    private static void Record()
    {
        using var session = RolloutTracing.StartSession();
        var bundle = session.Activity!.GetTagItem(RolloutAttributes.Bundle);
        var request = Recorder.Request(500);
        for (var turns = 1; ; turns++)
        {
            Recorder.Turn(session, request);
            Console.Out.WriteLine($"handed-over {Interlocked.Read(ref ticks)} {bundle} {EventsAtStart + (turns * EventsATurn)}");
            Thread.Sleep(Pause);
        }
    }

    // The process's own time, in ticks of ten milliseconds or, where the machine lets threads and files wait, more: nobody can
    // promise to be faster than the machine. A tick takes as much work as the recorder has meanwhile. Says "tick {number}" behind each.
    private static void Tick(string probe)
    {
        var content = new byte[600];
        while (true)
        {
            Thread.Sleep(Pause);
            for (var i = 0; i < FilesInPause; i++)
            {
                File.WriteAllBytes(probe, content);
                File.Delete(probe);
            }

            Console.Out.WriteLine($"tick {Interlocked.Increment(ref ticks)}");
        }
    }
}

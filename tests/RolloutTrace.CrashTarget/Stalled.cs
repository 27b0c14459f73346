using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace RolloutTrace.CrashTarget;

/// <summary>Records on a disk that becomes slow, or stands still, and then comes to an end.</summary>
internal static class Stalled
{
    private const int Turns = 100;

    /// <param name="root">The bundle root.</param>
    /// <param name="ending">How it ends.</param>
    /// <param name="pace">What becomes of the disk.</param>
    /// <param name="exitTimeout">The recorder's bound.</param>
    /// <param name="control">Where the disk is told.</param>
    public static int End(string root, string ending, string pace, TimeSpan exitTimeout, string control)
    {
        var reports = new Reports();
        var provider = Recorder.Start(root, o => o.ExitTimeout = exitTimeout);

        // Handlers are called in the order in which they were added: behind the recorder's.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => reports.Say();
        var session = RolloutTracing.StartSession();
        Recorder.Turn(session, Recorder.Request(500));
        provider.ForceFlush();
        File.WriteAllText(control, pace.Replace('-', ' '));
        for (var i = 0; i < Turns; i++)
        {
            Recorder.Turn(session, Recorder.Request(500));
        }

        Console.WriteLine($"handed-over {2 + ((Turns + 1) * 4)}");
        Console.WriteLine($"ending {Stopwatch.GetTimestamp()}");
        switch (ending)
        {
            case "dispose":
                provider.Dispose();
                break;
            case "shutdown":
                provider.Shutdown();
                break;
            case "exit":
                Environment.Exit(3);
                break;
            case "throw":
                AppDomain.CurrentDomain.UnhandledException += (_, _) => reports.Say();
                throw new InvalidOperationException("nobody handles this");
            case "wait":
                Thread.Sleep(Timeout.Infinite);
                break;
            case "return":
                break;
            default:
                throw new ArgumentException($"unknown ending '{ending}'", nameof(ending));
        }

        return 3;
    }
}

using OpenTelemetry;
using OpenTelemetry.Trace;

namespace RolloutTrace.CrashTarget;

/// <summary>Every thread of the pool is blocked, and more work for it waits.</summary>
internal static class Starved
{
    private const int Blocked = 200;

    /// <summary>Flushes with a limit, says what came of it, and waits to be ended.</summary>
    public static int Flush(string root)
    {
        var provider = Recorder.Start(root);
        using var never = new ManualResetEventSlim();
        for (var i = 0; i < Blocked; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ => never.Wait(), state: null);
        }

        SpinWait.SpinUntil(static () => ThreadPool.PendingWorkItemCount is > 0 and < Blocked);
        var session = RolloutTracing.StartSession();
        for (var i = 0; i < 100; i++)
        {
            Recorder.Turn(session, Recorder.Request(500));
        }

        Console.WriteLine($"flushed {provider.ForceFlush(5000)} {ThreadPool.PendingWorkItemCount}");
        Recorder.Turn(session, Recorder.Request(500));
        Console.WriteLine($"handed-over {2 + (101 * 4)}");
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }
}

using OpenTelemetry.Trace;
using RolloutTrace.Bundle;

namespace RolloutTrace.CrashTarget;

/// <summary>A process that another one has started, by whose environment it knows who calls.</summary>
internal static class Called
{
    public static int Record(string root, bool isAmbient)
    {
        using (var provider = Recorder.Start(root))
        {
            using (isAmbient ? new System.Diagnostics.Activity("own").Start() : null)
            {
                using var own = RolloutTracing.StartSession(new() { ThreadId = "first" });
                Recorder.Turn(own, Recorder.Request(10));
                own.Complete();
            }

            using var second = RolloutTracing.StartSession(new() { ThreadId = "second" });
            Recorder.Turn(second, Recorder.Request(10));
            second.Complete();
        }

        foreach (var name in (string[])["TRACEPARENT", "TRACESTATE", "BAGGAGE"])
        {
            Console.WriteLine($"left {name}={Environment.GetEnvironmentVariable(name)}");
        }

        return 0;
    }

    /// <summary>Goes on in a thread, twice: by its id, and from a bundle.</summary>
    public static int Resume(string root)
    {
        using var provider = Recorder.Start(root);
        foreach (var again in (bool[])[false, true])
        {
            using var session = again ? RolloutTracing.ResumeSession("thread-1") : RolloutTracing.StartSession(new() { ThreadId = "thread-1" });
            Recorder.Turn(session, Recorder.Request(10));
            session.Complete();
            provider.ForceFlush();
            NextMillisecond();
        }

        var last = Directory.GetDirectories(root).Order(StringComparer.Ordinal).Last();
        using var third = RolloutTracing.ResumeSession(Path.Join(last, BundleLayout.ManifestFileName));
        third.Complete();
        return 0;
    }

    // Bundles are in the order of their times.
    private static void NextMillisecond()
    {
        for (var began = Now(); began == Now();)
        {
        }

        static long Now() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
    }
}

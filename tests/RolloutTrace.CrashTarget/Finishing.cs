using OpenTelemetry.Trace;

namespace RolloutTrace.CrashTarget;

/// <summary>Has rollouts end, which is when they are packed.</summary>
internal static class Finishing
{
    private const int Turns = 8;
    private const int RequestBytes = 20_000;

    /// <summary>Records so many rollouts to their end. Says "ended {bundle} {events}" of each that is on disk, "ending", and "done".</summary>
    public static int Rollouts(string root, int count)
    {
        var provider = Recorder.Start(root);
        for (var i = 0; i < count; i++)
        {
            using var session = RolloutTracing.StartSession();
            var bundle = session.Activity!.GetTagItem(RolloutAttributes.Bundle);
            for (var turn = 0; turn < Turns; turn++)
            {
                Recorder.Turn(session, Recorder.Request(RequestBytes + turn));
            }

            session.Complete();
            provider.ForceFlush();
            Console.WriteLine($"ended {bundle} {4 + (Turns * 4)}");
        }

        Console.WriteLine("ending");
        provider.Dispose();
        Console.WriteLine("done");
        return 0;
    }

    /// <summary>Records a rollout to its end. Says "loaded {name}" of each assembly of ours, and of what packs.</summary>
    public static int Loaded(string root)
    {
        Rollouts(root, 1);
        foreach (var assembly in AppDomain.CurrentDomain.GetAssemblies())
        {
            Console.WriteLine($"loaded {assembly.GetName().Name}");
        }

        return 0;
    }
}

namespace RolloutTrace.CrashTarget;

internal static class Surroundings
{
    /// <summary>A rollout that starts where there is no current directory any more; an agent deletes directories.</summary>
    public static int WithoutDirectory(string root)
    {
        using var provider = Recorder.Start(root);
        var directory = Directory.CreateTempSubdirectory("rollout-trace-gone-").FullName;
        Environment.CurrentDirectory = directory;
        Directory.Delete(directory);
        using var session = RolloutTracing.StartSession();
        Recorder.Turn(session, Recorder.Request(10));
        using var child = session.SpawnAgent("worker");
        child.Complete();
        session.Complete();
        return 0;
    }
}

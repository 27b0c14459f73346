namespace RolloutTrace.CrashTarget;

/// <summary>Hands over some turns, says how many events that were, and ends without disposing anything.</summary>
internal static class Ending
{
    private const int Turns = 500;

    public static int ByExit(string root)
    {
        Record(root);
        Environment.Exit(3);
        return 0;
    }

    public static int ByReturn(string root)
    {
        Record(root);
        return 3;
    }

    public static int ByUnhandledException(string root)
    {
        Record(root);
        throw new InvalidOperationException("nobody handles this");
    }

    public static int BySignal(string root)
    {
        Record(root);
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    public static int InOrder(string root)
    {
        using var provider = Recorder.Start(root);
        using var session = RolloutTracing.StartSession();
        Recorder.Turn(session, Recorder.Request(500));
        session.Complete();
        return 3;
    }

    private static void Record(string root)
    {
        Recorder.Start(root);
        var session = RolloutTracing.StartSession();
        var request = Recorder.Request(500);
        for (var i = 0; i < Turns; i++)
        {
            Recorder.Turn(session, request);
        }

        Console.WriteLine($"handed-over {2 + (Turns * 4)}");
    }
}

using RolloutTrace.Analysis;

namespace RolloutTrace.Cli;

/// <summary>A bundle has not what is asked for. The message names what that is.</summary>
internal sealed class QueryException(string message) : Exception(message)
{
    private const int MostNamed = 10;

    /// <summary>A bundle has no thread of an id or path. The threads that it has are named, if they are few.</summary>
    public static QueryException NoThread(OpenRollout rollout, string name)
    {
        var threads = rollout.Graph.Threads.Values.OrderBy(static thread => thread.Execution.StartedSeq).Select(static thread => thread.AgentPath).ToList();
        var known = threads.Count switch
        {
            0 => "",
            <= MostNamed => $"; its threads are {string.Join(", ", threads)}",
            _ => $"; it has {threads.Count} threads, from {threads[0]} to {threads[^1]}",
        };
        return new QueryException($"has no thread {name}{known}");
    }
}

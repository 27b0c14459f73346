using RolloutTrace.Analysis;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary>Finds what a command line names in a rollout.</summary>
internal static class Finding
{
    /// <summary>A thread, by its id or its agent's path.</summary>
    /// <exception cref="QueryException">There is none.</exception>
    public static AgentThread Thread(OpenRollout rollout, string name) =>
        rollout.Graph.Threads.Values.FirstOrDefault(candidate => candidate.ThreadId == name || candidate.AgentPath == name)
            ?? throw QueryException.NoThread(rollout, name);

    /// <summary>A request, by its id, its response's id, or a part of its id that no other has: one of a turn, or one of a compaction.</summary>
    /// <exception cref="QueryException">There is none, or more than one.</exception>
    public static (InferenceCall? OfTurn, RecordedCompactionRequest? OfCompaction) Request(OpenRollout rollout, string id)
    {
        var (calls, compactions) = (rollout.Graph.InferenceCalls, rollout.Graph.CompactionRequests);
        if (calls.TryGetValue(id, out var exact) | compactions.TryGetValue(id, out var exactCompaction))
        {
            return (exact, exact is null ? exactCompaction : null);
        }

        var byResponse = calls.Values.Where(call => call.ResponseId == id).ToList();
        var byPart = byResponse.Count > 0 ? byResponse : calls.Values.Where(call => call.InferenceCallId.Contains(id, StringComparison.Ordinal)).ToList();
        var ofCompactions = compactions.Values.Where(request => request.CompactionRequestId.Contains(id, StringComparison.Ordinal) || request.CompactionId == id).ToList();
        return (byPart, ofCompactions) switch
        {
            ([var only], _) => (only, null),
            ([], [var only]) => (null, only),
            ([], []) => throw new QueryException($"has no request {id}"),
            _ => throw new QueryException($"has {byPart.Count + ofCompactions.Count} requests {id}"),
        };
    }
}

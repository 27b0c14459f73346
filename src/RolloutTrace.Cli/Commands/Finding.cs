using RolloutTrace.Analysis;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary>Finds what a command line names in a rollout.</summary>
internal static class Finding
{
    private const int MostNamed = 10;

    /// <summary>A thread, by its id, its agent's path, or a part of its id that no other has.</summary>
    /// <exception cref="QueryException">There is none, or more than one.</exception>
    public static AgentThread Thread(OpenRollout rollout, string name) =>
        rollout.Graph.Threads.Values.FirstOrDefault(candidate => candidate.ThreadId == name || candidate.AgentPath == name)
            ?? ByPart(rollout.Graph.Threads.Values, static thread => thread.ThreadId, name, "threads")
            ?? throw QueryException.NoThread(rollout, name);

    /// <summary>A turn, by its id or a part of it that no other has.</summary>
    /// <exception cref="QueryException">There is none, or more than one.</exception>
    public static CodexTurn Turn(OpenRollout rollout, string id) =>
        rollout.Graph.CodexTurns.GetValueOrDefault(id)
            ?? ByPart(rollout.Graph.CodexTurns.Values, static turn => turn.CodexTurnId, id, "turns")
            ?? throw new QueryException($"has no turn {id}");

    /// <summary>
    /// A request, by its id, its response's id, or a part of its id that no other has: one of a turn, or one of a compaction. A tool call's
    /// id means the request that asked for it, an item's the one that it came from, a turn's its first.
    /// </summary>
    /// <exception cref="QueryException">There is none, or more than one.</exception>
    public static (InferenceCall? OfTurn, RecordedCompactionRequest? OfCompaction) Request(OpenRollout rollout, string id)
    {
        var (calls, compactions) = (rollout.Graph.InferenceCalls, rollout.Graph.CompactionRequests);
        if (calls.TryGetValue(id, out var exact) | compactions.TryGetValue(id, out var exactCompaction))
        {
            return (exact, exact is null ? exactCompaction : null);
        }

        var ofTurn = Only([.. calls.Values.Where(call => call.ResponseId == id)], static call => call.InferenceCallId, id, "requests")
            ?? ByPart(calls.Values, static call => call.InferenceCallId, id, "requests");
        if (ofTurn is not null)
        {
            return (ofTurn, null);
        }

        var ofCompaction = compactions.Values.Where(request => request.CompactionRequestId.Contains(id, StringComparison.Ordinal) || request.CompactionId == id).ToList();
        if (ofCompaction.Count == 0 && id.Length > 0 && Explanation.Of(rollout, id) is [var thing] && RequestOf(rollout, thing) is { } ofThing)
        {
            return (ofThing, null);
        }

        return (null, Only(ofCompaction, static request => request.CompactionRequestId, id, "requests of compactions")
            ?? throw NoRequest(rollout, id));
    }

    // What a command prints of other things leads to the request that they are of, unless it is not known which.
    private static InferenceCall? RequestOf(OpenRollout rollout, Explanation thing) => thing.Kind switch
    {
        "tool_call" when rollout.Graph.ToolCalls.TryGetValue(thing.Id, out var tool) => rollout.Index.RequestThatAskedFor(tool),
        "item" => rollout.Index.RequestThatProduced(thing.Id) ?? rollout.Index.FirstRequestWith(thing.Id),
        "turn" => rollout.Index.RequestsOfTurn(thing.Id) is [var first, ..] ? first : null,
        _ => null,
    };

    private static QueryException NoRequest(OpenRollout rollout, string id) => new(id.Length > 0 && Explanation.Of(rollout, id) is [var thing, ..]
        ? $"has no request {id}: it is a {thing.Kind.Replace('_', ' ')}, and no one request is known to be its own"
        : $"has no request {id}");

    // The end of an id is what is shown of it.
    private static T? ByPart<T>(IEnumerable<T> all, Func<T, string> idOf, string part, string kind)
        where T : class
    {
        var named = all.Where(thing => idOf(thing).Contains(part, StringComparison.Ordinal)).ToList();
        var ending = named.FindAll(thing => idOf(thing).EndsWith(part, StringComparison.Ordinal));
        return Only(ending.Count == 1 ? ending : named, idOf, part, kind);
    }

    private static T? Only<T>(List<T> found, Func<T, string> idOf, string id, string kind)
        where T : class => found switch
        {
            [] => null,
            [var only] => only,
            _ => throw new QueryException($"has {found.Count} {kind} {id}: {string.Join(", ", found.Take(MostNamed).Select(idOf))}{(found.Count > MostNamed ? ", and more" : "")}"),
        };
}

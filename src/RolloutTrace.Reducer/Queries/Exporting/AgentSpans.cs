namespace RolloutTrace.Reducer.Queries;

/// <summary>Spans of sessions and turns.</summary>
internal sealed class AgentSpans(SpanScope scope)
{
    private readonly RolloutIndex index = scope.Index;

    public IEnumerable<RolloutSpan> Make()
    {
        var closers = scope.Graph.InteractionEdges.Values
            .Where(static edge => edge is { Kind: InteractionEdgeKind.CloseAgent, Source: ToolCallAnchor, Target: ThreadAnchor })
            .ToLookup(static edge => ((ThreadAnchor)edge.Target).ThreadId, static edge => ((ToolCallAnchor)edge.Source).ToolCallId, StringComparer.Ordinal);
        foreach (var thread in scope.Graph.Threads.Values.OrderBy(static thread => thread.Execution.StartedSeq))
        {
            yield return Session(thread, closers[thread.ThreadId]);
        }

        foreach (var turn in scope.Graph.CodexTurns.Values.OrderBy(static turn => turn.Execution.StartedSeq))
        {
            yield return Turn(turn);
        }
    }

    private static string NameOf(string agentPath) => agentPath[(agentPath.LastIndexOf('/') + 1)..];

    private RolloutSpan Session(AgentThread thread, IEnumerable<string> closers)
    {
        var origin = thread.Origin as SpawnedOrigin;
        var attributes = scope.Common(thread.ThreadId, null)
            .Add(RolloutAttributes.GenAI.AgentName, NameOf(thread.AgentPath))
            .Add(RolloutAttributes.Agent.Path, thread.AgentPath)
            .Add(RolloutAttributes.Agent.Role, origin?.AgentRole)
            .Add(RolloutAttributes.Thread.Origin, origin is null ? "root" : "spawned")
            .Add(RolloutAttributes.Thread.ParentId, origin?.ParentThreadId)
            .Add(RolloutAttributes.Bundle, scope.BundleName);
        var links = new List<RolloutSpanLink>();
        if (index.SpawnerOf(thread) is { } spawner)
        {
            links.Add(new RolloutSpanLink { Kind = "spawn_agent", Target = scope.Tool(spawner) });
        }

        links.AddRange(closers.Select(id => new RolloutSpanLink { Kind = "close_agent", Target = scope.Tool(scope.Graph.ToolCalls[id]) }));
        var run = thread.Execution;
        return scope.Make(scope.Session(thread), null, $"agent_session {thread.AgentPath}", attributes, run.StartedAtUnixMs, run.EndedAtUnixMs, run.Status, links);
    }

    private RolloutSpan Turn(CodexTurn turn)
    {
        var thread = scope.Graph.Threads[turn.ThreadId];
        var requests = index.RequestsOfTurn(turn.CodexTurnId);
        var name = NameOf(thread.AgentPath);
        var attributes = scope.Common(turn.ThreadId, turn.CodexTurnId)
            .Add(RolloutAttributes.GenAI.OperationName, "invoke_agent")
            .Add(RolloutAttributes.GenAI.AgentName, name)
            .Add(RolloutAttributes.GenAI.RequestModel, thread.DefaultModel ?? (requests is [var first, ..] ? first.Model : null))
            .Add(TokenSum.Of(requests.Select(static request => request.Usage)));
        var run = turn.Execution;
        return scope.Make(
            scope.Turn(turn),
            null,
            $"invoke_agent {name}",
            attributes,
            run.StartedAtUnixMs,
            run.EndedAtUnixMs,
            run.Status,
            [new RolloutSpanLink { Kind = "session", Target = scope.Session(thread) }]);
    }
}

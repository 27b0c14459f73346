using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Exporting;

/// <summary>Spans of sessions and turns.</summary>
internal sealed class AgentSpans(SpanScope scope)
{
    private readonly RolloutIndex index = scope.Index;

    private readonly ILookup<string, InteractionEdge> closings = scope.Graph.InteractionEdges.Values
        .Where(static edge => edge is { Kind: InteractionEdgeKind.CloseAgent, Source: ToolCallAnchor, Target: ThreadAnchor })
        .ToLookup(static edge => ((ThreadAnchor)edge.Target).ThreadId, StringComparer.Ordinal);

    public IEnumerable<SpanDraft> Make()
    {
        foreach (var thread in scope.Graph.Threads.Values.OrderBy(static thread => thread.Execution.StartedSeq))
        {
            yield return Session(thread);
        }

        foreach (var turn in scope.Graph.CodexTurns.Values.OrderBy(static turn => turn.Execution.StartedSeq))
        {
            yield return Turn(turn);
        }
    }

    private SpanDraft Session(AgentThread thread)
    {
        var origin = thread.Origin as SpawnedOrigin;
        var attributes = scope.Common(thread.ThreadId, null)
            .Add(RolloutAttributes.GenAI.AgentName, scope.AgentOf(thread))
            .Add(RolloutAttributes.Agent.Path, thread.AgentPath)
            .Add(RolloutAttributes.Agent.Role, origin?.AgentRole ?? scope.MetadataOf(thread.ThreadId)?.AgentRole)
            .Add(RolloutAttributes.Thread.Origin, origin is null ? "root" : "spawned")
            .Add(RolloutAttributes.Thread.ParentId, origin?.ParentThreadId)
            .Add(RolloutAttributes.Bundle, scope.BundleName);
        var run = thread.Execution;
        return scope.Make(
            scope.Session(thread),
            null,
            $"agent_session {thread.AgentPath}",
            attributes,
            SpanScope.StartOf(run),
            SpanScope.EndOf(run),
            [.. Spawners(thread).Concat(Closers(thread))]);
    }

    private IEnumerable<RolloutSpanLink> Spawners(AgentThread thread)
    {
        var spawner = index.SpawnerOf(thread)
            ?? scope.Runtimes.Deliveries
                .Where(delivery => delivery.Kind == InteractionEdgeKind.SpawnAgent && delivery.ThreadId == thread.ThreadId)
                .Select(delivery => scope.Graph.ToolCalls.GetValueOrDefault(delivery.SourceId))
                .FirstOrDefault();
        return spawner is null ? [] : [new RolloutSpanLink { Kind = RolloutSpanLinkKind.SpawnAgent, Target = scope.Tool(spawner) }];
    }

    // A session that has ended takes no more links.
    private IEnumerable<RolloutSpanLink> Closers(AgentThread thread)
    {
        var closers = thread.Otel is null
            ? closings[thread.ThreadId].Select(static edge => ((ToolCallAnchor)edge.Source).ToolCallId)
            : scope.Runtimes.Deliveries
                .Where(delivery => delivery.Kind == InteractionEdgeKind.CloseAgent && delivery.ThreadId == thread.ThreadId && !(delivery.Seq > thread.Execution.EndedSeq))
                .Select(static delivery => delivery.SourceId);
        return closers
            .Select(scope.Graph.ToolCalls.GetValueOrDefault)
            .OfType<RecordedToolCall>()
            .Select(closer => new RolloutSpanLink { Kind = RolloutSpanLinkKind.CloseAgent, Target = scope.Tool(closer) });
    }

    // The tool call of another agent that brought the turn about: what its first request is the first to show tells which.
    private SpanReference? CauseOf(CodexTurn turn, AgentThread thread)
    {
        if (index.RequestsOfTurn(turn.CodexTurnId) is not [var first, ..] || index.RequestsOfThread(thread.ThreadId) is not [var firstOfThread, ..])
        {
            return null;
        }

        if (ReferenceEquals(first, firstOfThread) && index.SpawnerOf(thread) is { } spawner)
        {
            return scope.Tool(spawner);
        }

        var told = first.RequestItemIds
            .Where(id => ReferenceEquals(index.FirstRequestWith(id), first))
            .Select(index.EdgeTo)
            .Where(static edge => edge is { Kind: InteractionEdgeKind.AssignAgentTask or InteractionEdgeKind.SendMessage, Source: ToolCallAnchor })
            .ToList();
        var cause = told.Find(static edge => edge!.Kind == InteractionEdgeKind.AssignAgentTask) ?? told.FirstOrDefault();
        return cause?.Source is ToolCallAnchor { ToolCallId: var callId } ? scope.Tool(scope.Graph.ToolCalls[callId]) : null;
    }

    private SpanDraft Turn(CodexTurn turn)
    {
        var thread = scope.Graph.Threads[turn.ThreadId];
        var name = scope.AgentOf(thread);
        var attributes = scope.Operation(turn.ThreadId, turn.CodexTurnId, "invoke_agent")
            .Add(RolloutAttributes.GenAI.ProviderName, scope.ProviderOf(turn.ThreadId))
            .Add(RolloutAttributes.GenAI.RequestModel, scope.ModelOf(turn))
            .Add(scope.Tokens.OfTurn(turn.CodexTurnId));
        scope.Conversations.AddTo(attributes, turn.CodexTurnId);
        var reference = scope.Turn(turn);
        var run = turn.Execution;
        return scope.Make(
            reference,
            turn.Otel is null ? CauseOf(turn, thread) : scope.ParentOf(reference),
            $"invoke_agent {name}",
            attributes,
            SpanScope.StartOf(run),
            SpanScope.EndOf(run),
            [new RolloutSpanLink { Kind = RolloutSpanLinkKind.Session, Target = scope.Session(thread) }]);
    }
}

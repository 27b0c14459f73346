using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Exporting;

/// <summary>
/// What model requests carry or follow: compactions of their thread, and what other agents sent. What other agents sent is linked from the
/// request that shows it first; of what no request shows and whose span was recorded, from the next request behind it, which is what live spans
/// have to guess.
/// </summary>
internal sealed class RequestLinks(SpanScope scope)
{
    private readonly RolloutIndex index = scope.Index;
    private readonly RolloutGraph graph = scope.Graph;
    private readonly HashSet<string> shown = new(StringComparer.Ordinal);

    /// <summary>The links of each request of a thread, in the order of the requests.</summary>
    public IEnumerable<(InferenceCall Request, IReadOnlyList<RolloutSpanLink> Links)> OfThread(AgentThread thread)
    {
        var waiting = new Queue<(long Seq, RolloutSpanLink Link)>(Compactions(thread).Concat(Deliveries(thread)).OrderBy(static entry => entry.Seq));
        foreach (var request in index.RequestsOfThread(thread.ThreadId))
        {
            var links = new List<RolloutSpanLink>();
            while (waiting.TryPeek(out var next) && next.Seq < request.Execution.StartedSeq)
            {
                links.Add(waiting.Dequeue().Link);
            }

            links.AddRange(Shown(request));
            yield return (request, links);
        }
    }

    private IEnumerable<(long Seq, RolloutSpanLink Link)> Compactions(AgentThread thread) =>
        from compaction in graph.Compactions.Values
        where string.Equals(compaction.ThreadId, thread.ThreadId, StringComparison.Ordinal)
        select (scope.Facts.CompactionSeqs.GetValueOrDefault(compaction.CompactionId),
            new RolloutSpanLink { Kind = RolloutSpanLinkKind.CompactedBy, Target = scope.Compaction(compaction.CompactionId, compaction) });

    private IEnumerable<(long Seq, RolloutSpanLink Link)> Deliveries(AgentThread thread)
    {
        foreach (var delivery in thread.Otel is null ? [] : scope.Runtimes.Deliveries)
        {
            if (delivery.ThreadId != thread.ThreadId || IsShown(delivery))
            {
                continue;
            }

            if (delivery.Kind == InteractionEdgeKind.AgentResult && graph.CodexTurns.TryGetValue(delivery.SourceId, out var turn))
            {
                yield return (delivery.Seq, new RolloutSpanLink { Kind = KindOf(delivery.Kind), Target = scope.Turn(turn), EdgeId = delivery.EdgeId });
            }
            else if (delivery.Kind is InteractionEdgeKind.SendMessage or InteractionEdgeKind.AssignAgentTask && graph.ToolCalls.TryGetValue(delivery.SourceId, out var sender))
            {
                yield return (delivery.Seq, new RolloutSpanLink { Kind = KindOf(delivery.Kind), Target = scope.Tool(sender) });
            }
        }
    }

    // Of several messages of one call the first one's place is known.
    private bool IsShown(DeliveryFact delivery)
    {
        var edge = delivery.EdgeId is { } id ? graph.InteractionEdges.GetValueOrDefault(id)
            : index.EdgesFrom(delivery.SourceId).FirstOrDefault(edge => edge.Kind == delivery.Kind);
        return edge?.Target is ConversationItemAnchor { ItemId: var item }
            && ReferenceEquals(index.EdgeTo(item), edge)
            && index.FirstRequestWith(item) is { } request
            && request.ThreadId == delivery.ThreadId
            && (delivery.EdgeId is not null || shown.Add(edge.EdgeId));
    }

    // What other agents sent is linked from the first request that shows it to the model.
    private IEnumerable<RolloutSpanLink> Shown(InferenceCall call)
    {
        foreach (var id in call.RequestItemIds)
        {
            if (index.EdgeTo(id) is not { } edge || !ReferenceEquals(index.FirstRequestWith(id), call))
            {
                continue;
            }

            if (edge.Kind is InteractionEdgeKind.SendMessage or InteractionEdgeKind.AssignAgentTask && edge.Source is ToolCallAnchor sender)
            {
                yield return new RolloutSpanLink { Kind = KindOf(edge.Kind), Target = scope.Tool(graph.ToolCalls[sender.ToolCallId]) };
            }
            else if (edge.Kind == InteractionEdgeKind.AgentResult && TurnOf(edge) is { } turn)
            {
                yield return new RolloutSpanLink { Kind = KindOf(edge.Kind), Target = scope.Turn(turn), EdgeId = edge.EdgeId };
            }
        }
    }

    // What a request carries of another agent is linked by the name of how it was sent.
    private static RolloutSpanLinkKind KindOf(InteractionEdgeKind kind) => kind switch
    {
        InteractionEdgeKind.SendMessage => RolloutSpanLinkKind.SendMessage,
        InteractionEdgeKind.AssignAgentTask => RolloutSpanLinkKind.AssignAgentTask,
        InteractionEdgeKind.AgentResult => RolloutSpanLinkKind.AgentResult,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no request carries that"),
    };

    private CodexTurn? TurnOf(InteractionEdge result)
    {
        if (result.Source is ConversationItemAnchor { ItemId: var id } && graph.ConversationItems[id].CodexTurnId is { } turnId)
        {
            return graph.CodexTurns[turnId];
        }

        return result.Source is ThreadAnchor { ThreadId: var threadId }
            ? graph.CodexTurns.Values
                .Where(turn => string.Equals(turn.ThreadId, threadId, StringComparison.Ordinal) && result.EdgeId.Contains($":{turn.CodexTurnId}:", StringComparison.Ordinal))
                .FirstOrDefault()
            : null;
    }
}

using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Queries;

/// <summary>Spans of model requests, compactions and their requests.</summary>
internal sealed class ModelSpans(SpanScope scope)
{
    private readonly RolloutIndex index = scope.Index;
    private readonly RolloutGraph graph = scope.Graph;

    public IEnumerable<RolloutSpan> Make()
    {
        foreach (var thread in graph.Threads.Values.OrderBy(static thread => thread.Execution.StartedSeq))
        {
            var waiting = new Queue<Compaction>(graph.Compactions.Values
                .Where(compaction => string.Equals(compaction.ThreadId, thread.ThreadId, StringComparison.Ordinal))
                .OrderBy(static compaction => compaction.InstalledAtUnixMs));
            foreach (var request in index.RequestsOfThread(thread.ThreadId))
            {
                Compaction? compacted = null;
                while (waiting.TryPeek(out var next) && IsBehind(request, next))
                {
                    compacted = waiting.Dequeue();
                }

                yield return Request(request, compacted);
            }
        }

        var requests = graph.CompactionRequests.Values.OrderBy(static request => request.Execution.StartedSeq).ToLookup(static request => request.CompactionId, StringComparer.Ordinal);
        foreach (var id in graph.Compactions.Keys.Union(requests.Select(static entry => entry.Key), StringComparer.Ordinal))
        {
            foreach (var span in OfCompaction(id, graph.Compactions.GetValueOrDefault(id), [.. requests[id]]))
            {
                yield return span;
            }
        }
    }

    // The clock alone cannot tell within one millisecond: there the items that the compaction made do.
    private static bool IsBehind(InferenceCall request, Compaction compaction) =>
        request.Execution.StartedAtUnixMs > compaction.InstalledAtUnixMs
        || (request.Execution.StartedAtUnixMs == compaction.InstalledAtUnixMs
            && compaction.ReplacementItemIds.Count > 0
            && request.RequestItemIds.Take(1).Equals(compaction.ReplacementItemIds.Take(1)));

    private RolloutSpan Request(InferenceCall call, Compaction? compacted)
    {
        var attributes = scope.Common(call.ThreadId, call.CodexTurnId, call.ProviderName)
            .Add(RolloutAttributes.GenAI.OperationName, "chat")
            .Add(RolloutAttributes.GenAI.RequestModel, call.Model)
            .Add(RolloutAttributes.GenAI.ResponseId, call.ResponseId)
            .Add(RolloutAttributes.Inference.Id, call.InferenceCallId)
            .Add(RolloutAttributes.UpstreamRequestId, call.UpstreamRequestId)
            .Add(RolloutAttributes.Payload.Request, Path(call.RawRequestPayloadId))
            .Add(RolloutAttributes.Payload.Response, Path(call.RawResponsePayloadId))
            .Add(RolloutAttributes.Cancel.Reason, scope.Facts.CancelReasons.GetValueOrDefault(call.InferenceCallId))
            .Add(call.Usage);
        var links = new List<RolloutSpanLink>();
        if (compacted is not null)
        {
            attributes.Add(RolloutAttributes.GenAI.ConversationCompacted, true);
            links.Add(new RolloutSpanLink { Kind = "compacted_by", Target = scope.Compaction(compacted.CompactionId, compacted) });
        }

        links.AddRange(Carried(call));
        var edges = string.Join(',', links.Select(static link => link.EdgeId).OfType<string>());
        attributes.Add(RolloutAttributes.Edge.Id, edges);
        var run = call.Execution;
        return scope.Make(scope.Request(call), scope.Turn(call.CodexTurnId), $"chat {call.Model}", attributes, run.StartedAtUnixMs, run.EndedAtUnixMs, run.Status, links, isClient: true);
    }

    // What other agents sent is linked from the first request that shows it to the model.
    private IEnumerable<RolloutSpanLink> Carried(InferenceCall call)
    {
        foreach (var id in call.RequestItemIds)
        {
            if (index.EdgeTo(id) is not { } edge || !ReferenceEquals(index.FirstRequestWith(id), call))
            {
                continue;
            }

            if (edge.Kind is InteractionEdgeKind.SendMessage or InteractionEdgeKind.AssignAgentTask && edge.Source is ToolCallAnchor sender)
            {
                yield return new RolloutSpanLink { Kind = WireName.Of(edge.Kind), Target = scope.Tool(graph.ToolCalls[sender.ToolCallId]) };
            }
            else if (edge.Kind == InteractionEdgeKind.AgentResult && TurnOf(edge) is { } turn)
            {
                yield return new RolloutSpanLink { Kind = WireName.Of(edge.Kind), Target = scope.Turn(turn), EdgeId = edge.EdgeId };
            }
        }
    }

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

    private IEnumerable<RolloutSpan> OfCompaction(string id, Compaction? installed, IReadOnlyList<CompactionRequest> requests)
    {
        var threadId = installed?.ThreadId ?? requests[0].ThreadId;
        var turnId = installed?.CodexTurnId ?? requests[0].CodexTurnId;
        var model = requests is [var first, ..] ? first.Model : graph.Threads[threadId].DefaultModel;
        var reference = scope.Compaction(id, installed);
        var attributes = scope.Common(threadId, turnId)
            .Add(RolloutAttributes.GenAI.RequestModel, model)
            .Add(RolloutAttributes.Compaction.Id, id)
            .Add(RolloutAttributes.Compaction.Installed, installed is not null);
        if (installed is not null)
        {
            attributes
                .Add(RolloutAttributes.GenAI.ConversationCompacted, true)
                .Add(RolloutAttributes.Compaction.InputItems, installed.InputItemIds.Count)
                .Add(RolloutAttributes.Compaction.ReplacementItems, installed.ReplacementItemIds.Count);
        }

        var start = requests is [var earliest, ..] ? earliest.Execution.StartedAtUnixMs : installed!.InstalledAtUnixMs;
        var end = installed?.InstalledAtUnixMs ?? (requests.All(static request => request.Execution.EndedAtUnixMs is not null) ? requests.Max(static request => request.Execution.EndedAtUnixMs) : null);
        var status = installed is not null ? ExecutionStatus.Completed : requests[^1].Execution.Status;
        yield return scope.Make(reference, scope.Turn(turnId), $"compact {model ?? "unknown"}", attributes, start, end, status);
        foreach (var request in requests)
        {
            var run = request.Execution;
            yield return scope.Make(
                scope.CompactionRequest(request),
                reference,
                $"chat {request.Model}",
                scope.Common(request.ThreadId, request.CodexTurnId, request.ProviderName)
                    .Add(RolloutAttributes.GenAI.OperationName, "chat")
                    .Add(RolloutAttributes.GenAI.RequestModel, request.Model)
                    .Add(RolloutAttributes.Compaction.Id, id)
                    .Add(RolloutAttributes.Compaction.RequestId, request.CompactionRequestId)
                    .Add(RolloutAttributes.Payload.Request, Path(request.RawRequestPayloadId))
                    .Add(RolloutAttributes.Payload.Response, Path(request.RawResponsePayloadId)),
                run.StartedAtUnixMs,
                run.EndedAtUnixMs,
                run.Status,
                isClient: true);
        }
    }

    private string? Path(string? payloadId) => payloadId is not null && graph.RawPayloads.TryGetValue(payloadId, out var payload) ? payload.Path : null;
}

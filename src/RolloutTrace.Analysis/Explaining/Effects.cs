using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Explaining;

/// <summary>Lists what came of a thing.</summary>
internal sealed class Effects(RolloutIndex index, Describer describer)
{
    private readonly RolloutGraph graph = index.Graph;

    public IEnumerable<(Subject Subject, string Text)> Of(Subject subject) => subject.Kind switch
    {
        SubjectKind.ToolCall => OfTool(graph.ToolCalls[subject.Id]),
        SubjectKind.CodeCell => OfCell(graph.CodeCells[subject.Id]),
        SubjectKind.Request => OfRequest(graph.InferenceCalls[subject.Id]),
        SubjectKind.Item => OfItem(graph.ConversationItems[subject.Id]),
        SubjectKind.Terminal => OfTerminal(graph.TerminalSessions[subject.Id]),
        SubjectKind.TerminalOperation => OfOperation(graph.TerminalOperations[subject.Id]),
        SubjectKind.Turn => index.RequestsOfTurn(subject.Id).Select(request => Made(SubjectKind.Request, request.InferenceCallId, "it sent")),
        SubjectKind.Thread => OfThread(graph.Threads[subject.Id]),
        SubjectKind.Edge => OfEdge(graph.InteractionEdges[subject.Id]),
        SubjectKind.Compaction => OfCompaction(graph.Compactions[subject.Id]),
        _ => [],
    };

    private (Subject Subject, string Text) Made(SubjectKind kind, string id, string how)
    {
        var subject = new Subject(kind, id);
        return (subject, $"{how} {describer.Describe(subject)}");
    }

    private (Subject Subject, string Text) Seen(string itemId, string how)
    {
        var (subject, text) = Made(SubjectKind.Item, itemId, how);
        var fate = index.FirstRequestWith(itemId) is { } request ? $"first sent to the model in request {request.InferenceCallId}"
            : graph.Compactions.Values.FirstOrDefault(compaction => compaction.InputItemIds.Contains(itemId)) is { } compaction
                ? $"compacted away by {compaction.CompactionId} before a request of a turn had it"
            : "never sent to the model";
        return (subject, $"{text}; {fate}");
    }

    private IEnumerable<(Subject, string)> OfTool(RecordedToolCall tool)
    {
        if (tool.TerminalOperationId is { } operationId)
        {
            yield return Made(SubjectKind.TerminalOperation, operationId, "carried out as");
        }

        foreach (var edge in index.EdgesFrom(tool.ToolCallId))
        {
            yield return Made(SubjectKind.Edge, edge.EdgeId, "led to");
        }

        if (tool.Requester is RequestedByCodeCell { CodeCellId: var cellId } && graph.CodeCells.ContainsKey(cellId))
        {
            yield return Made(SubjectKind.CodeCell, cellId, "its value went to the code of");
        }

        foreach (var cell in index.CellsWaitedForBy(tool))
        {
            yield return Made(SubjectKind.CodeCell, cell.CodeCellId, "waited for");
        }

        foreach (var id in tool.ModelVisibleOutputItemIds)
        {
            yield return Seen(id, "its output is");
        }
    }

    private IEnumerable<(Subject, string)> OfCell(RecordedCodeCell cell)
    {
        foreach (var id in cell.NestedToolCallIds)
        {
            yield return Made(SubjectKind.ToolCall, id, "its code issued");
        }

        foreach (var id in cell.WaitToolCallIds)
        {
            yield return Made(SubjectKind.ToolCall, id, "waited for by");
            foreach (var output in graph.ToolCalls[id].ModelVisibleOutputItemIds)
            {
                yield return Seen(output, "which handed out");
            }
        }

        foreach (var id in cell.OutputItemIds)
        {
            yield return Seen(id, "its output is");
        }
    }

    private IEnumerable<(Subject, string)> OfRequest(InferenceCall request)
    {
        foreach (var id in request.ResponseItemIds)
        {
            yield return Made(SubjectKind.Item, id, "its response holds");
            if (index.ToolOf(id) is { } tool)
            {
                yield return Made(SubjectKind.ToolCall, tool.ToolCallId, "which started");
            }
            else if (index.CellOf(id) is { } cell)
            {
                yield return Made(SubjectKind.CodeCell, cell.CodeCellId, "which started");
            }
        }
    }

    private IEnumerable<(Subject, string)> OfItem(ConversationItem item)
    {
        if (index.ToolOf(item.ItemId) is { } tool && tool.ModelVisibleCallItemIds.Contains(item.ItemId))
        {
            yield return Made(SubjectKind.ToolCall, tool.ToolCallId, "it started");
        }

        if (index.CellOf(item.ItemId) is { } cell)
        {
            yield return Made(SubjectKind.CodeCell, cell.CodeCellId, "it started");
        }

        foreach (var edge in graph.InteractionEdges.Values)
        {
            if (edge.Source is ConversationItemAnchor source && string.Equals(source.ItemId, item.ItemId, StringComparison.Ordinal))
            {
                yield return Made(SubjectKind.Edge, edge.EdgeId, "its author's parent got it by");
            }
        }

        if (index.FirstRequestWith(item.ItemId) is { } request)
        {
            yield return Made(SubjectKind.Request, request.InferenceCallId, "first sent to the model in");
        }

        foreach (var compaction in graph.Compactions.Values.Where(compaction => compaction.InputItemIds.Contains(item.ItemId)))
        {
            yield return Made(SubjectKind.Compaction, compaction.CompactionId, "taken out of the history by");
        }
    }

    private IEnumerable<(Subject, string)> OfTerminal(TerminalSession session) => session.OperationIds.OrderBy(id => graph.TerminalOperations[id].Execution.StartedSeq).Select(id =>
        Made(SubjectKind.TerminalOperation, id, string.Equals(id, index.CreatorOf(session).OperationId, StringComparison.Ordinal) ? "created by" : "used again by"));

    private IEnumerable<(Subject, string)> OfOperation(TerminalOperation operation)
    {
        if (operation.TerminalId is { } terminalId && graph.TerminalSessions.TryGetValue(terminalId, out var session))
        {
            var created = ReferenceEquals(index.CreatorOf(session), operation);
            yield return Made(SubjectKind.Terminal, terminalId, created ? "it created" : "it used");
        }

        foreach (var id in operation.ModelObservations.SelectMany(static observation => observation.OutputItemIds))
        {
            yield return Seen(id, "the model was shown");
        }
    }

    private IEnumerable<(Subject, string)> OfThread(AgentThread thread)
    {
        foreach (var turn in graph.CodexTurns.Values
            .Where(turn => string.Equals(turn.ThreadId, thread.ThreadId, StringComparison.Ordinal))
            .OrderBy(static turn => turn.Execution.StartedSeq))
        {
            yield return Made(SubjectKind.Turn, turn.CodexTurnId, "it ran");
        }

        foreach (var edge in graph.InteractionEdges.Values.OrderBy(static edge => edge.StartedAtUnixMs).ThenBy(static edge => edge.EdgeId, StringComparer.Ordinal))
        {
            if (string.Equals(ThreadOf(edge.Target), thread.ThreadId, StringComparison.Ordinal))
            {
                yield return Made(SubjectKind.Edge, edge.EdgeId, "it received");
            }
            else if (string.Equals(ThreadOf(edge.Source), thread.ThreadId, StringComparison.Ordinal))
            {
                yield return Made(SubjectKind.Edge, edge.EdgeId, "it sent");
            }
        }
    }

    private string? ThreadOf(InteractionAnchor anchor) => anchor switch
    {
        ConversationItemAnchor item => graph.ConversationItems[item.ItemId].ThreadId,
        ToolCallAnchor tool => graph.ToolCalls[tool.ToolCallId].ThreadId,
        ThreadAnchor thread => thread.ThreadId,
        _ => null,
    };

    private IEnumerable<(Subject, string)> OfEdge(InteractionEdge edge)
    {
        switch (edge.Target)
        {
            case ConversationItemAnchor { ItemId: var id }:
                yield return Seen(id, "delivered as");
                break;
            case ThreadAnchor { ThreadId: var id }:
                yield return Made(SubjectKind.Thread, id, edge.Kind == InteractionEdgeKind.CloseAgent ? "closed" : "started");
                break;
        }
    }

    private IEnumerable<(Subject, string)> OfCompaction(RecordedCompaction compaction)
    {
        foreach (var id in compaction.ReplacementItemIds)
        {
            yield return Seen(id, "history goes on with");
        }
    }
}

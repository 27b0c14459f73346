using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Explaining;

/// <summary>Walks from a thing back to what caused it, and lists what came of it.</summary>
internal sealed class Explainer(RolloutIndex index, RolloutLiveness? liveness)
{
    // A chain through many spawns is long, but never this long; a damaged state may go in circles.
    private const int MaxCauses = 200;

    private readonly Describer describer = new(index, liveness);
    private readonly Effects effects = new(index, new Describer(index, liveness));

    public Explanation Explain(Subject subject)
    {
        var steps = new List<ExplanationStep>();
        var seen = new HashSet<Subject> { subject };
        var current = subject;
        while (seen.Count <= MaxCauses && CauseOf(current) is var (cause, how))
        {
            if (cause is not { } known || !seen.Add(known))
            {
                steps.Add(new ExplanationStep { Role = "cause", Text = how });
                break;
            }

            steps.Add(Step("cause", known, $"{describer.Describe(known)}{(how.Length > 0 ? ": " + how : "")}"));
            current = known;
        }

        steps.Reverse();
        steps.Add(Step("subject", subject, describer.Describe(subject)));
        steps.AddRange(effects.Of(subject).Select(effect => Step("effect", effect.Subject, effect.Text)));
        return new Explanation { Id = subject.Id, Kind = KindName.Of(subject.Kind), Steps = steps };
    }

    private ExplanationStep Step(string role, Subject subject, string text) => new()
    {
        Role = role,
        Id = subject.Id,
        Text = text,
        Evidence = describer.EvidenceOf(subject),
    };

    /// <summary>What caused a thing, and how; without a subject where the chain leaves the rollout, null where it just ends.</summary>
    private (Subject? Cause, string How)? CauseOf(Subject subject)
    {
        var graph = index.Graph;
        return subject.Kind switch
        {
            SubjectKind.ToolCall => OfTool(graph.ToolCalls[subject.Id]),
            SubjectKind.CodeCell => OfCell(graph.CodeCells[subject.Id]),
            SubjectKind.TerminalOperation => (new(SubjectKind.ToolCall, graph.TerminalOperations[subject.Id].ToolCallId), "ran it"),
            SubjectKind.Terminal => (new(SubjectKind.TerminalOperation, index.CreatorOf(graph.TerminalSessions[subject.Id]).OperationId), "created the process"),
            SubjectKind.Request => OfRequest(graph.InferenceCalls[subject.Id]),
            SubjectKind.Turn => OfTurn(graph.CodexTurns[subject.Id]),
            SubjectKind.Item => OfItem(graph.ConversationItems[subject.Id]),
            SubjectKind.Edge => OfEdge(graph.InteractionEdges[subject.Id]),
            SubjectKind.Thread => OfThread(graph.Threads[subject.Id]),
            SubjectKind.Compaction => (new(SubjectKind.Turn, graph.Compactions[subject.Id].CodexTurnId), "compacted its history"),
            SubjectKind.CompactionRequest => OfCompactionRequest(graph.CompactionRequests[subject.Id]),
            _ => throw new InvalidOperationException($"unknown subject {subject}"),
        };
    }

    private (Subject?, string) OfTool(RecordedToolCall tool)
    {
        if (tool.Requester is RequestedByCodeCell { CodeCellId: var cellId })
        {
            return index.Graph.CodeCells.ContainsKey(cellId)
                ? (new(SubjectKind.CodeCell, cellId), "its code issued the call")
                : (null, $"{cellId} issued the call, but the model's own item for it was never seen");
        }

        if (index.RequestThatAskedFor(tool) is { } request)
        {
            return (new(SubjectKind.Request, request.InferenceCallId), $"its response asked for the call{In(tool.ModelVisibleCallItemIds)}");
        }

        return tool.StartedByCodexTurnId is { } turnId
            ? (new(SubjectKind.Turn, turnId), "it started there, and no request is known to have asked for it")
            : (new(SubjectKind.Thread, tool.ThreadId), "it started there, outside of a turn");
    }

    private (Subject?, string) OfCell(RecordedCodeCell cell) => index.RequestThatProduced(cell.SourceItemId) is { } request
        ? (new(SubjectKind.Request, request.InferenceCallId), $"its response wrote the code, in {cell.SourceItemId}")
        : (new(SubjectKind.Turn, cell.CodexTurnId), $"the code is in {cell.SourceItemId}; no response is known that wrote it");

    private (Subject?, string) OfRequest(InferenceCall request)
    {
        var ofTurn = index.RequestsOfTurn(request.CodexTurnId);
        var number = 1 + ofTurn.TakeWhile(other => !ReferenceEquals(other, request)).Count();
        return (new(SubjectKind.Turn, request.CodexTurnId), $"its request {number} of {ofTurn.Count}");
    }

    private (Subject?, string)? OfTurn(CodexTurn turn)
    {
        if (index.RequestsOfTurn(turn.CodexTurnId) is [var first, ..])
        {
            for (var i = first.RequestItemIds.Count - 1; i >= 0; i--)
            {
                var item = index.Graph.ConversationItems[first.RequestItemIds[i]];
                if (item.Role == ConversationRole.User || index.EdgeTo(item.ItemId) is not null)
                {
                    return (new(SubjectKind.Item, item.ItemId), item.Role == ConversationRole.User ? "the user's input" : "what another agent wrote");
                }
            }
        }

        return (new(SubjectKind.Thread, turn.ThreadId), "no input is known that the turn answers");
    }

    private (Subject?, string)? OfItem(ConversationItem item)
    {
        if (index.EdgeTo(item.ItemId) is { } edge)
        {
            return (new(SubjectKind.Edge, edge.EdgeId), "delivered it");
        }

        foreach (var producer in item.ProducedBy)
        {
            switch (producer)
            {
                case CodeCellProducer { CodeCellId: var id }:
                    return (new(SubjectKind.CodeCell, id), "its value is this output");
                case ToolProducer { ToolCallId: var id }:
                    return (new(SubjectKind.ToolCall, id), $"its result is this output{WhereFrom(index.Graph.ToolCalls[id])}");
                case InferenceProducer { InferenceCallId: var id }:
                    return (new(SubjectKind.Request, id), "its response holds it");
                case CompactionProducer { CompactionId: var id }:
                    return (new(SubjectKind.Compaction, id), "made it to stand for the history before");
            }
        }

        // A task that was given at the spawn can reach the child in no item that says so.
        return item.Role == ConversationRole.User && index.Graph.Threads[item.ThreadId].Origin is SpawnedOrigin
            ? (new(SubjectKind.Thread, item.ThreadId), "its input")
            : null;
    }

    private string WhereFrom(RecordedToolCall tool)
    {
        if (tool.TerminalOperationId is { } id && index.Graph.TerminalOperations[id] is { } operation)
        {
            return operation.TerminalId is { } terminal ? $", which process {terminal} printed, in {id}" : $", which its command printed, in {id}";
        }

        return index.CellsWaitedForBy(tool) is [var cell, ..] ? $", which comes from {cell.CodeCellId}, for which it waited" : "";
    }

    private (Subject?, string)? OfEdge(InteractionEdge edge) => edge.Source switch
    {
        ToolCallAnchor { ToolCallId: var id } => (new(SubjectKind.ToolCall, id), $"{WireName.Of(edge.Kind)} to {describer.TargetOf(edge)}"),
        ConversationItemAnchor { ItemId: var id } => (new(SubjectKind.Item, id), "the child's last word is its result"),
        ThreadAnchor { ThreadId: var id } => (new(SubjectKind.Thread, id), "the child ended without a word"),
        _ => null,
    };

    private (Subject?, string)? OfThread(AgentThread thread)
    {
        if (thread.Origin is not SpawnedOrigin origin)
        {
            return null;
        }

        return index.SpawnerOf(thread) is { } tool
            ? (new(SubjectKind.ToolCall, tool.ToolCallId), "spawned it")
            : index.Graph.Threads.ContainsKey(origin.ParentThreadId)
                ? (new(SubjectKind.Thread, origin.ParentThreadId), "spawned it, by a call that left no evidence")
                : (null, $"thread {origin.ParentThreadId} spawned it, of which this bundle knows nothing");
    }

    private (Subject?, string) OfCompactionRequest(RecordedCompactionRequest request) => index.Graph.Compactions.ContainsKey(request.CompactionId)
        ? (new(SubjectKind.Compaction, request.CompactionId), "made the request")
        : (new(SubjectKind.Turn, request.CodexTurnId), $"made it for the compaction {request.CompactionId}, which was not installed");

    private static string In(IdList items) => items.Count > 0 ? $", in {items[0]}" : "";
}

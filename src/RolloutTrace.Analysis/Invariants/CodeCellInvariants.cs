using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Invariants;

/// <summary>Code cells, their source and outputs, and the tool calls that they made or that waited for them.</summary>
internal sealed class CodeCellInvariants(InvariantScope scope)
{
    private readonly RolloutGraph graph = scope.Graph;

    public void Check()
    {
        var handles = new Dictionary<(string ThreadId, string RuntimeCellId), string>();
        foreach (var (key, cell) in graph.CodeCells)
        {
            scope.Key("cell", key, cell.CodeCellId);
            Check(cell);
            if (cell.RuntimeCellId is { } handle && !handles.TryAdd((cell.ThreadId, handle), cell.CodeCellId))
            {
                scope.Report(InvariantCodes.RepeatedId, cell.CodeCellId, $"{cell.CodeCellId} and {handles[(cell.ThreadId, handle)]} of thread {cell.ThreadId} share the runtime cell {handle}");
            }
        }
    }

    private void Check(RecordedCodeCell cell)
    {
        var subject = cell.CodeCellId;
        if (!string.Equals(subject, ObjectIds.CodeCell(cell.ModelVisibleCallId), StringComparison.Ordinal))
        {
            scope.Report(InvariantCodes.WrongId, subject, $"{subject} is not named after its call {cell.ModelVisibleCallId}");
        }

        scope.Context(subject, cell.ThreadId, cell.CodexTurnId);
        scope.Window(subject, cell.Execution);
        scope.Pair(subject, "its initial response", cell.InitialResponseAtUnixMs, cell.InitialResponseSeq);
        scope.Pair(subject, "its last early answer", cell.YieldedAtUnixMs, cell.YieldedSeq);
        OfThisCall(cell, cell.SourceItemId, ConversationItemKind.CustomToolCall);
        var producer = new CodeCellProducer { CodeCellId = subject };
        foreach (var id in cell.OutputItemIds)
        {
            if (OfThisCall(cell, id, ConversationItemKind.CustomToolCallOutput) is { } output && !output.ProducedBy.Contains(producer))
            {
                scope.OneSided(subject, id, "as its output");
            }
        }

        scope.NoRepeats(subject, "outputs", cell.OutputItemIds);
        scope.NoRepeats(subject, "nested tool calls", cell.NestedToolCallIds);
        foreach (var id in cell.NestedToolCallIds)
        {
            if (scope.Resolves(graph.ToolCalls, subject, "tool call", id)
                && (graph.ToolCalls[id].Requester is not RequestedByCodeCell { CodeCellId: var requester } || !string.Equals(requester, subject, StringComparison.Ordinal)))
            {
                scope.OneSided(subject, $"tool call {id}", "as nested in it");
            }
        }

        foreach (var id in cell.WaitToolCallIds)
        {
            scope.Resolves(graph.ToolCalls, subject, "tool call", id);
        }
    }

    private ConversationItem? OfThisCall(RecordedCodeCell cell, string itemId, ConversationItemKind kind)
    {
        // A child that goes on with its parent's history has the cell's output in a thread of its own.
        var item = kind == ConversationItemKind.CustomToolCallOutput
            ? scope.Item(cell.CodeCellId, graph.ConversationItems.GetValueOrDefault(itemId)?.ThreadId ?? cell.ThreadId, itemId)
            : scope.Item(cell.CodeCellId, cell.ThreadId, itemId);
        if (item is not null && (item.Kind != kind || !string.Equals(item.CallId, cell.ModelVisibleCallId, StringComparison.Ordinal)))
        {
            scope.Report(InvariantCodes.OneSidedLink, cell.CodeCellId, $"{cell.CodeCellId} names {itemId}, which is not a {WireName.Of(kind)} of its call");
        }

        return item;
    }
}

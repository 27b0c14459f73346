using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Invariants;

/// <summary>Tool calls, the conversation items that ask for them and answer them, and their requesters.</summary>
internal sealed class ToolInvariants(InvariantScope scope)
{
    private readonly RolloutGraph graph = scope.Graph;

    // A cell can nest very many calls, so each is looked up instead of searched for.
    private readonly HashSet<(string CellId, string ToolId)> nested =
        [.. from cell in scope.Graph.CodeCells.Values from id in cell.NestedToolCallIds select (cell.CodeCellId, id)];

    public void Check()
    {
        var callIds = new Dictionary<string, RecordedToolCall>(StringComparer.Ordinal);
        var several = UsedForSeveral();
        foreach (var (key, tool) in graph.ToolCalls)
        {
            scope.Key("tool call", key, tool.ToolCallId);
            if (tool.ModelVisibleCallId is { } callId && !callIds.TryAdd(callId, tool))
            {
                if (!AreTwoUses(tool, callIds[callId], callId))
                {
                    scope.Report(InvariantCodes.RepeatedId, tool.ToolCallId, $"tool calls {tool.ToolCallId} and {callIds[callId].ToolCallId} have the same model-visible call id {callId}");
                }

                several.Add(callId);
            }

            Check(tool);
        }

        // The other direction: whatever has a tool's call id, in its thread, is linked to it, unless the id stands for several calls.
        foreach (var item in graph.ConversationItems.Values)
        {
            if (item.CallId is { } callId
                && !several.Contains(callId)
                && callIds.TryGetValue(callId, out var tool)
                && string.Equals(tool.ThreadId, item.ThreadId, StringComparison.Ordinal)
                && !(IsCall(item) ? tool.ModelVisibleCallItemIds : tool.ModelVisibleOutputItemIds).Contains(item.ItemId))
            {
                scope.OneSided(item.ItemId, $"tool call {tool.ToolCallId}", $"by the call id {callId}");
            }
        }
    }

    // One id may stand for several calls of the model; then each tool call has calls of its own.
    private bool AreTwoUses(RecordedToolCall tool, RecordedToolCall other, string callId) =>
        tool.ModelVisibleCallItemIds.Concat(other.ModelVisibleCallItemIds).All(id => graph.ConversationItems.GetValueOrDefault(id)?.CallId == callId)
        && !tool.ModelVisibleCallItemIds.Intersect(other.ModelVisibleCallItemIds, StringComparer.Ordinal).Any();

    // The call ids under which a thread has calls, or outputs, that say different things.
    private HashSet<string> UsedForSeveral()
    {
        var several = new HashSet<string>(StringComparer.Ordinal);
        var first = new Dictionary<(string Thread, ConversationItemKind Kind, string CallId), ConversationItem>();
        foreach (var item in graph.ConversationItems.Values)
        {
            if (item.CallId is { } callId
                && !first.TryAdd((item.ThreadId, item.Kind, callId), item)
                && !first[(item.ThreadId, item.Kind, callId)].SaysTheSameAs(item))
            {
                several.Add(callId);
            }
        }

        return several;
    }

    private static bool IsCall(ConversationItem item) => item.Kind is ConversationItemKind.FunctionCall or ConversationItemKind.CustomToolCall;

    private static bool IsOutput(ConversationItem item) => item.Kind is ConversationItemKind.FunctionCallOutput or ConversationItemKind.CustomToolCallOutput;

    private void Check(RecordedToolCall tool)
    {
        var subject = tool.ToolCallId;
        scope.Context(subject, tool.ThreadId, tool.StartedByCodexTurnId);
        scope.Window(subject, tool.Execution);
        scope.Payload(subject, tool.RawInvocationPayloadId);
        scope.Payload(subject, tool.RawResultPayloadId);
        scope.Payloads(subject, tool.RawRuntimePayloadIds);
        Links(tool, tool.ModelVisibleCallItemIds, IsCall, "a call item");
        Links(tool, tool.ModelVisibleOutputItemIds, IsOutput, "an output item");
        var producer = new ToolProducer { ToolCallId = tool.ToolCallId };
        foreach (var id in tool.ModelVisibleOutputItemIds)
        {
            if (graph.ConversationItems.TryGetValue(id, out var item) && !item.ProducedBy.Contains(producer))
            {
                scope.OneSided($"tool call {subject}", id, "as its output");
            }
        }

        if (tool.Requester is RequestedByCodeCell { CodeCellId: var cellId }
            && graph.CodeCells.ContainsKey(cellId)
            && !nested.Contains((cellId, subject)))
        {
            scope.OneSided($"tool call {subject}", cellId, "as its requester");
        }

        if (tool.TerminalOperationId is not { } operationId || !scope.Resolves(graph.TerminalOperations, subject, "operation", operationId))
        {
            return;
        }

        if (!string.Equals(graph.TerminalOperations[operationId].ToolCallId, subject, StringComparison.Ordinal)
            || tool.Summary is not TerminalSummary summary
            || !string.Equals(summary.OperationId, operationId, StringComparison.Ordinal))
        {
            scope.OneSided($"tool call {subject}", operationId, "as its operation, in its summary too");
        }
    }

    private void Links(RecordedToolCall tool, IdList ids, Func<ConversationItem, bool> isKind, string what)
    {
        var callId = CallIdOf(tool);
        scope.NoRepeats(tool.ToolCallId, "model-visible items", ids);
        foreach (var id in ids)
        {
            // Not of the tool's thread by necessity: items that come after the tool are linked by call id alone.
            if (scope.Resolves(graph.ConversationItems, tool.ToolCallId, "item", id)
                && graph.ConversationItems[id] is var item
                && (!isKind(item) || item.CallId is null || !string.Equals(item.CallId, callId, StringComparison.Ordinal)))
            {
                scope.Report(InvariantCodes.OneSidedLink, tool.ToolCallId, $"tool call {tool.ToolCallId} names {id}, which is not {what} of its call id {callId}");
            }
        }
    }

    // A model that uses an id again leaves the call with none of its own: then all of its items have one, whichever that is.
    private string? CallIdOf(RecordedToolCall tool) => tool.ModelVisibleCallId
        ?? tool.ModelVisibleCallItemIds.Concat(tool.ModelVisibleOutputItemIds).Select(graph.ConversationItems.GetValueOrDefault).FirstOrDefault(static item => item is not null)?.CallId;
}

using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Invariants;

/// <summary>The rollout, its threads and turns, payloads, and the edges between agents.</summary>
internal sealed class AgentInvariants(InvariantScope scope)
{
    private readonly RolloutGraph graph = scope.Graph;

    public void Check()
    {
        if (graph.Status != RolloutStatus.Running && graph.EndedAtUnixMs is null)
        {
            scope.Report(InvariantCodes.InconsistentTimes, graph.RolloutId, $"the rollout is {WireName.Of(graph.Status)}, but has no end");
        }

        foreach (var (key, payload) in graph.RawPayloads)
        {
            scope.Key("payload", key, payload.RawPayloadId);
        }

        foreach (var (key, thread) in graph.Threads)
        {
            scope.Key("thread", key, thread.ThreadId);
            Check(thread);
        }

        foreach (var (key, turn) in graph.CodexTurns)
        {
            scope.Key("turn", key, turn.CodexTurnId);
            scope.Context(turn.CodexTurnId, turn.ThreadId, null);
            scope.Window(turn.CodexTurnId, turn.Execution);
            scope.Items(turn.CodexTurnId, turn.ThreadId, turn.InputItemIds);
        }

        var targets = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, edge) in graph.InteractionEdges)
        {
            scope.Key("edge", key, edge.EdgeId);
            Check(edge, targets);
        }
    }

    private void Check(AgentThread thread)
    {
        scope.Window(thread.ThreadId, thread.Execution);
        scope.Items(thread.ThreadId, thread.ThreadId, thread.ConversationItemIds);
        scope.NoRepeats(thread.ThreadId, "conversation items", thread.ConversationItemIds);
        if (thread.Origin is SpawnedOrigin origin)
        {
            var expected = ObjectIds.SpawnEdge(origin.ParentThreadId, thread.ThreadId);
            if (!string.Equals(origin.SpawnEdgeId, expected, StringComparison.Ordinal))
            {
                scope.Report(InvariantCodes.WrongId, thread.ThreadId, $"thread {thread.ThreadId} names the spawn edge {origin.SpawnEdgeId} instead of {expected}");
            }
        }
    }

    private void Check(InteractionEdge edge, Dictionary<string, string> targets)
    {
        Check(edge.EdgeId, edge.Source);
        Check(edge.EdgeId, edge.Target);
        scope.Payloads(edge.EdgeId, edge.CarriedRawPayloadIds);
        scope.NoRepeats(edge.EdgeId, "payloads", edge.CarriedRawPayloadIds);
        foreach (var id in edge.CarriedItemIds)
        {
            scope.Resolves(graph.ConversationItems, edge.EdgeId, "item", id);
        }

        if (edge.Kind != InteractionEdgeKind.AgentResult && edge.Source is not ToolCallAnchor)
        {
            scope.Report(InvariantCodes.OneSidedLink, edge.EdgeId, $"{edge.EdgeId} is a {WireName.Of(edge.Kind)} edge, but no tool call is its source");
        }

        if (edge.Target is not ConversationItemAnchor target)
        {
            return;
        }

        if (edge.CarriedItemIds is not [var only] || !string.Equals(only, target.ItemId, StringComparison.Ordinal))
        {
            scope.Report(InvariantCodes.OneSidedLink, edge.EdgeId, $"{edge.EdgeId} goes to {target.ItemId}, but that is not the item that carried it");
        }

        if (!targets.TryAdd(target.ItemId, edge.EdgeId) && !IsGivenByTool(edge, target.ItemId))
        {
            scope.Report(InvariantCodes.RepeatedId, edge.EdgeId, $"{edge.EdgeId} and {targets[target.ItemId]} both go to {target.ItemId}");
        }
    }

    // A tool may ask several agents, or one several times, and give what it makes of their answers.
    private bool IsGivenByTool(InteractionEdge edge, string itemId) => edge.Kind == InteractionEdgeKind.AgentResult
        && graph.ConversationItems.TryGetValue(itemId, out var item) && item.Kind is ConversationItemKind.FunctionCallOutput or ConversationItemKind.CustomToolCallOutput;

    private void Check(string edgeId, InteractionAnchor anchor)
    {
        switch (anchor)
        {
            case ConversationItemAnchor item:
                scope.Resolves(graph.ConversationItems, edgeId, "item", item.ItemId);
                break;
            case ToolCallAnchor tool:
                scope.Resolves(graph.ToolCalls, edgeId, "tool call", tool.ToolCallId);
                break;
            case ThreadAnchor thread:
                scope.Resolves(graph.Threads, edgeId, "thread", thread.ThreadId);
                break;
        }
    }
}

using System.Text;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.ModelSupport;

/// <summary>A rollout as lines that a test can say: what happened, in order, and nothing of ids and times.</summary>
internal static class Story
{
    public static string Of(OpenRollout rollout)
    {
        var text = new StringBuilder();
        var graph = rollout.Graph;
        foreach (var thread in graph.Threads.Values.OrderBy(thread => thread.Execution.StartedSeq))
        {
            text.Append(Name(thread.AgentPath)).Append(' ').Append(Word(thread.Execution)).Append('\n');
            foreach (var turn in graph.CodexTurns.Values.Where(turn => turn.ThreadId == thread.ThreadId).OrderBy(turn => turn.Execution.StartedSeq))
            {
                text.Append("  turn ").Append(Word(turn.Execution)).Append('\n');
                foreach (var (_, line) in Requests(graph, turn.CodexTurnId).Concat(Tools(graph, turn.CodexTurnId)).Concat(Compactions(rollout, turn.CodexTurnId)).OrderBy(entry => entry.Seq))
                {
                    text.Append("    ").Append(line).Append('\n');
                }
            }
        }

        foreach (var edge in graph.InteractionEdges.Values.OrderBy(edge => edge.Kind == InteractionEdgeKind.AgentResult).ThenBy(edge => edge.StartedAtUnixMs))
        {
            text.Append($"{WordOf(edge.Kind.ToString())}: {Anchor(graph, edge.Source)} -> {Anchor(graph, edge.Target)}\n");
        }

        return text.ToString();
    }

    /// <summary>The messages that a request showed to the model, each as role and text.</summary>
    public static IReadOnlyList<string> Seen(OpenRollout rollout, int request)
    {
        var call = rollout.Graph.InferenceCalls.Values.OrderBy(call => call.Execution.StartedSeq).ElementAt(request);
        return [.. call.RequestItemIds.Select(id => Item(rollout.Graph.ConversationItems[id]))];
    }

    private static IEnumerable<(long Seq, string Line)> Requests(RolloutGraph graph, string turnId) =>
        graph.InferenceCalls.Values.Where(call => call.CodexTurnId == turnId).Select(call => (
            call.Execution.StartedSeq,
            $"request {Word(call.Execution)}: {call.RequestItemIds.Count} items -> {string.Join(", ", call.ResponseItemIds.Select(id => Item(graph.ConversationItems[id])))}"
            + (call.Usage is { } usage ? $" ({usage.InputTokens}/{usage.OutputTokens})" : "")));

    private static IEnumerable<(long Seq, string Line)> Tools(RolloutGraph graph, string turnId) =>
        graph.ToolCalls.Values.Where(tool => tool.StartedByCodexTurnId == turnId).Select(tool => (
            tool.Execution.StartedSeq,
            $"{tool.Kind.Name ?? tool.Kind.Type.ToString()} {Word(tool.Execution)}"
            + $" {(tool.ModelVisibleCallItemIds.Count > 0 ? tool.ModelVisibleCallId : "unlinked")}"
            + $" -> {string.Join(", ", tool.ModelVisibleOutputItemIds.Select(id => graph.ConversationItems[id]).Where(IsFirst).Select(ItemText.Of))}"));

    // A history that was made shorter has what it keeps once more.
    private static bool IsFirst(ConversationItem item) => !item.ProducedBy.Any(static producer => producer is CompactionProducer);

    private static IEnumerable<(long Seq, string Line)> Compactions(OpenRollout rollout, string turnId) =>
        rollout.Graph.CompactionRequests.Values.Where(request => request.CodexTurnId == turnId).Select(request => (
            request.Execution.StartedSeq, $"compaction request {Word(request.Execution)}"))
        .Concat(rollout.Graph.Compactions.Values.Where(compaction => compaction.CodexTurnId == turnId).Select(compaction => (
            rollout.Facts.CompactionSeqs[compaction.CompactionId],
            $"compaction of {compaction.RequestIds.Count} requests: {compaction.InputItemIds.Count} items -> {string.Join(", ", compaction.ReplacementItemIds.Select(id => Item(rollout.Graph.ConversationItems[id])))}")));

    private static string Item(ConversationItem item) => item.Kind switch
    {
        ConversationItemKind.FunctionCall => $"call {item.CallId} {ItemText.Of(item)}",
        ConversationItemKind.FunctionCallOutput => $"output {item.CallId} {ItemText.Of(item)}",
        ConversationItemKind.Message => $"{WordOf(item.Role.ToString())}: {ItemText.Of(item)}",
        _ => $"{WordOf(item.Kind.ToString())}: {ItemText.Of(item)}",
    };

    private static string Anchor(RolloutGraph graph, InteractionAnchor anchor) => anchor switch
    {
        ThreadAnchor thread => Name(graph.Threads[thread.ThreadId].AgentPath),
        ToolCallAnchor tool => graph.ToolCalls[tool.ToolCallId].Kind.Name ?? "tool",
        ConversationItemAnchor item => Item(graph.ConversationItems[item.ItemId]),
        _ => "?",
    };

    private static string Word(ExecutionWindow execution) => WordOf(execution.Status.ToString());

    private static string WordOf(string name) => name.ToLowerInvariant();

    private static string Name(string path) => path;
}

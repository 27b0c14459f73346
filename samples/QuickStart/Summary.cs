using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace QuickStart;

/// <summary>Tells what became of a rollout, from its reduced state alone.</summary>
internal static class Summary
{
    public static void Print(RolloutGraph graph, TextWriter output)
    {
        output.WriteLine($"The rollout {Word(graph.Status)}: {graph.Threads.Count} agents, {graph.CodexTurns.Count} turns, "
            + $"{graph.InferenceCalls.Count} model requests, {graph.Compactions.Count} compaction.");
        foreach (var thread in graph.Threads.Values)
        {
            output.WriteLine($"  {thread.AgentPath} {Word(thread.Execution.Status)}; its model saw {thread.ConversationItemIds.Count} items.");
        }

        output.WriteLine("Tool calls, and who asked for them:");
        foreach (var tool in graph.ToolCalls.Values.OrderBy(t => t.Execution.StartedSeq))
        {
            output.WriteLine($"  {Label(tool),-15} {Word(tool.Execution.Status)}, for {Requester(graph, tool)}{Terminal(graph, tool)}");
        }

        output.WriteLine("Code cells:");
        foreach (var cell in graph.CodeCells.Values)
        {
            output.WriteLine($"  {cell.CodeCellId} {Word(cell.RuntimeStatus)}; it called {cell.NestedToolCallIds.Count} tool and was waited for {cell.WaitToolCallIds.Count} time.");
        }

        output.WriteLine("Between agents:");
        foreach (var edge in graph.InteractionEdges.Values)
        {
            output.WriteLine($"  {Word(edge.Kind),-18} from {Place(graph, edge.Source)} to {Place(graph, edge.Target)}");
        }
    }

    private static string Requester(RolloutGraph graph, RecordedToolCall tool)
    {
        if (tool.Requester is RequestedByCodeCell cell)
        {
            return cell.CodeCellId;
        }

        var request = graph.InferenceCalls.Values.First(call => call.ToolCallIdsStartedByResponse.Contains(tool.ToolCallId));
        return $"the model in {request.ResponseId}";
    }

    private static string Terminal(RolloutGraph graph, RecordedToolCall tool) => tool.TerminalOperationId is { } id && graph.TerminalOperations[id] is { } operation
        ? $", in terminal {operation.TerminalId}: \"{operation.Result?.Stdout}\""
        : "";

    private static string Label(RecordedToolCall tool) => tool.Summary is GenericSummary generic ? generic.Label : Word(tool.Kind.Type);

    private static string Place(RolloutGraph graph, InteractionAnchor anchor) => anchor switch
    {
        ToolCallAnchor { ToolCallId: var id } => $"{Label(graph.ToolCalls[id])} ({id})",
        ConversationItemAnchor { ItemId: var id } => $"{id} of {graph.Threads[graph.ConversationItems[id].ThreadId].AgentPath}",
        ThreadAnchor { ThreadId: var id } => graph.Threads[id].AgentPath,
        _ => throw new InvalidOperationException($"an anchor of type {anchor.GetType()}"),
    };

    private static string Word<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}

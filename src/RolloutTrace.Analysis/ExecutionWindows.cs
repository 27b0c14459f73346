using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis;

/// <summary>The times of everything in a state that runs.</summary>
internal static class ExecutionWindows
{
    public static IEnumerable<ExecutionWindow> Of(RolloutGraph graph) => WithThreads(graph).Select(static run => run.Window);

    /// <summary>The times of everything, but what runs in some threads.</summary>
    public static IEnumerable<ExecutionWindow> Of(RolloutGraph graph, HashSet<string> withoutThreads) =>
        WithThreads(graph).Where(run => !withoutThreads.Contains(run.ThreadId)).Select(static run => run.Window);

    private static IEnumerable<(string ThreadId, ExecutionWindow Window)> WithThreads(RolloutGraph graph) => graph.Threads.Values.Select(static thread => (thread.ThreadId, thread.Execution))
        .Concat(graph.CodexTurns.Values.Select(static turn => (turn.ThreadId, turn.Execution)))
        .Concat(graph.InferenceCalls.Values.Select(static call => (call.ThreadId, call.Execution)))
        .Concat(graph.CompactionRequests.Values.Select(static request => (request.ThreadId, request.Execution)))
        .Concat(graph.ToolCalls.Values.Select(static tool => (tool.ThreadId, tool.Execution)))
        .Concat(graph.TerminalOperations.Values.Select(operation => (graph.ToolCalls.GetValueOrDefault(operation.ToolCallId)?.ThreadId ?? string.Empty, operation.Execution)))
        .Concat(graph.CodeCells.Values.Select(static cell => (cell.ThreadId, cell.Execution)));
}

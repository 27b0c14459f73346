using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis;

/// <summary>The times of everything in a state that runs.</summary>
internal static class ExecutionWindows
{
    public static IEnumerable<ExecutionWindow> Of(RolloutGraph graph) => graph.Threads.Values.Select(static thread => thread.Execution)
        .Concat(graph.CodexTurns.Values.Select(static turn => turn.Execution))
        .Concat(graph.InferenceCalls.Values.Select(static call => call.Execution))
        .Concat(graph.CompactionRequests.Values.Select(static request => request.Execution))
        .Concat(graph.ToolCalls.Values.Select(static tool => tool.Execution))
        .Concat(graph.TerminalOperations.Values.Select(static operation => operation.Execution))
        .Concat(graph.CodeCells.Values.Select(static cell => cell.Execution));
}

using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis;

/// <summary>The times of everything in a state that runs.</summary>
internal static class ExecutionWindows
{
    public static IEnumerable<ExecutionWindow> Of(RolloutGraph graph) => Of(graph, []);

    /// <summary>The times of everything, but what runs in some threads.</summary>
    public static IEnumerable<ExecutionWindow> Of(RolloutGraph graph, HashSet<string> withoutThreads)
    {
        return graph.Threads.Values.Where(thread => IsWith(thread.ThreadId)).Select(static thread => thread.Execution)
            .Concat(graph.CodexTurns.Values.Where(turn => IsWith(turn.ThreadId)).Select(static turn => turn.Execution))
            .Concat(graph.InferenceCalls.Values.Where(call => IsWith(call.ThreadId)).Select(static call => call.Execution))
            .Concat(graph.CompactionRequests.Values.Where(request => IsWith(request.ThreadId)).Select(static request => request.Execution))
            .Concat(graph.ToolCalls.Values.Where(tool => IsWith(tool.ThreadId)).Select(static tool => tool.Execution))
            .Concat(graph.TerminalOperations.Values.Where(operation => IsWith(graph.ToolCalls.GetValueOrDefault(operation.ToolCallId)?.ThreadId ?? "")).Select(static operation => operation.Execution))
            .Concat(graph.CodeCells.Values.Where(cell => IsWith(cell.ThreadId)).Select(static cell => cell.Execution));

        bool IsWith(string threadId) => withoutThreads.Count == 0 || !withoutThreads.Contains(threadId);
    }
}

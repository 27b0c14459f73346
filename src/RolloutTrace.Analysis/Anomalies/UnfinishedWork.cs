using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Anomalies;

/// <summary>What started and never ended.</summary>
internal static class UnfinishedWork
{
    public static IEnumerable<RolloutAnomaly> Find(RolloutGraph graph, RolloutLiveness? liveness)
    {
        var isRunning = liveness is { IsRunning: true };
        if (graph.Status == RolloutStatus.Running && !isRunning && liveness is not { IsCut: true })
        {
            yield return new RolloutAnomaly
            {
                Code = AnomalyCodes.NeverEnded,
                Subject = graph.RolloutId,
                Message = $"rollout {graph.RolloutId} has no end{(liveness is { IsDead: true, Evidence: { } evidence } ? $": {evidence}" : "")}",
                Evidence = [],
            };
        }

        var how = liveness switch
        {
            { IsDead: true } => "was unfinished when its process died",
            { IsCut: true } => "was unfinished when its recording was cut",
            _ => "started and never ended",
        };
        foreach (var (what, id, name, _, execution) in Open(graph).Where(entry => !(isRunning && MayStillEnd(graph, entry.ThreadId))))
        {
            yield return new RolloutAnomaly
            {
                Code = AnomalyCodes.NeverEnded,
                Subject = id,
                Message = $"{what} {id}{(name.Length > 0 ? $" ({name})" : "")} {how}",
                Evidence = [Evidence.Event(execution.StartedSeq)],
            };
        }
    }

    /// <summary>What has no end in a state, in the order of starting.</summary>
    public static IEnumerable<OpenWork> Open(RolloutGraph graph) =>
        graph.Threads.Values.Where(static thread => IsOpen(thread.Execution)).Select(static thread => new OpenWork("session", thread.ThreadId, thread.AgentPath, thread.ThreadId, thread.Execution))
            .Concat(graph.CodexTurns.Values.Where(static turn => IsOpen(turn.Execution)).Select(static turn => new OpenWork("turn", turn.CodexTurnId, "", turn.ThreadId, turn.Execution)))
            .Concat(graph.InferenceCalls.Values.Where(static call => IsOpen(call.Execution)).Select(static call => new OpenWork("request", call.InferenceCallId, call.Model, call.ThreadId, call.Execution)))
            .Concat(graph.CompactionRequests.Values.Where(static request => IsOpen(request.Execution)).Select(static request => new OpenWork("compaction request", request.CompactionRequestId, request.Model, request.ThreadId, request.Execution)))
            .Concat(graph.ToolCalls.Values.Where(static tool => IsOpen(tool.Execution)).Select(static tool => new OpenWork("tool call", tool.ToolCallId, RolloutIndex.NameOf(tool.Kind), tool.ThreadId, tool.Execution)))
            .Concat(graph.CodeCells.Values.Where(static cell => IsOpen(cell.Execution)).Select(static cell => new OpenWork("cell", cell.CodeCellId, "", cell.ThreadId, cell.Execution)))
            .OrderBy(static entry => entry.Execution.StartedSeq);

    private static bool IsOpen(ExecutionWindow execution) => execution.Status == ExecutionStatus.Running;

    private static bool MayStillEnd(RolloutGraph graph, string threadId) =>
        graph.Threads.TryGetValue(threadId, out var thread) && thread.Execution.Status == ExecutionStatus.Running;

    /// <summary>Something that has no end.</summary>
    internal sealed record OpenWork(string What, string Id, string Name, string ThreadId, ExecutionWindow Execution);
}

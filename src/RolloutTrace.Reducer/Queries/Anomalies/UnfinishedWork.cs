using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Queries;

/// <summary>What started and never ended.</summary>
internal static class UnfinishedWork
{
    public static IEnumerable<RolloutAnomaly> Find(RolloutGraph graph)
    {
        if (graph.Status == RolloutStatus.Running)
        {
            yield return new RolloutAnomaly
            {
                Code = AnomalyCodes.NeverEnded,
                Subject = graph.RolloutId,
                Message = $"rollout {graph.RolloutId} has no end",
                Evidence = [],
            };
        }

        var open = graph.Threads.Values.Select(static thread => (What: "session", Id: thread.ThreadId, Name: thread.AgentPath, thread.Execution))
            .Concat(graph.CodexTurns.Values.Select(static turn => ("turn", turn.CodexTurnId, "", turn.Execution)))
            .Concat(graph.InferenceCalls.Values.Select(static call => ("request", call.InferenceCallId, call.Model, call.Execution)))
            .Concat(graph.CompactionRequests.Values.Select(static request => ("compaction request", request.CompactionRequestId, request.Model, request.Execution)))
            .Concat(graph.ToolCalls.Values.Select(static tool => ("tool call", tool.ToolCallId, RolloutIndex.NameOf(tool.Kind), tool.Execution)))
            .Concat(graph.CodeCells.Values.Select(static cell => ("cell", cell.CodeCellId, "", cell.Execution)))
            .Where(static entry => entry.Execution.Status == ExecutionStatus.Running)
            .OrderBy(static entry => entry.Execution.StartedSeq);
        foreach (var (what, id, name, execution) in open)
        {
            yield return new RolloutAnomaly
            {
                Code = AnomalyCodes.NeverEnded,
                Subject = id,
                Message = $"{what} {id}{(name.Length > 0 ? $" ({name})" : "")} started and never ended",
                Evidence = [Evidence.Event(execution.StartedSeq)],
            };
        }
    }
}

using RolloutTrace.Analysis.Payloads;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Anomalies;

/// <summary>Processes of which no operation saw the end.</summary>
internal static class LeftProcesses
{
    public static IEnumerable<RolloutAnomaly> Find(RolloutGraph graph)
    {
        foreach (var session in graph.TerminalSessions.Values.OrderBy(static session => session.Execution.StartedSeq))
        {
            var operations = session.OperationIds.Select(id => graph.TerminalOperations[id]).ToList();
            if (operations.Exists(static operation => ToldExit.Of(operation) is not null))
            {
                continue;
            }

            var command = operations[0].Request is ExecCommandRequest exec ? $" ({ItemText.Preview(exec.DisplayCommand, 60)})" : "";
            yield return new RolloutAnomaly
            {
                Code = AnomalyCodes.ProcessLeftRunning,
                Subject = session.TerminalId,
                Message = $"process {session.TerminalId}{command} was never seen to exit, over {operations.Count} {(operations.Count == 1 ? "operation" : "operations")}",
                Evidence = [.. operations.Take(1).Concat(operations.Skip(1).TakeLast(1)).Select(static operation => Evidence.Event(operation.Execution.StartedSeq))],
            };
        }
    }
}

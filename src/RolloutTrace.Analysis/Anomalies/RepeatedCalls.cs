using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Anomalies;

/// <summary>
/// Models that go in circles: the same call, in one turn, time after time with the same result. A call that gave something else in
/// between is no such, nor is one that waits, which asks again because nothing has changed.
/// </summary>
internal static class RepeatedCalls
{
    private const int Circle = 3;
    private const int PreviewLength = 60;

    public static IEnumerable<RolloutAnomaly> Find(RolloutIndex index)
    {
        foreach (var thread in index.Graph.Threads.Values.OrderBy(static thread => thread.Execution.StartedSeq))
        {
            foreach (var run in RunsOf(index, thread).Where(static run => run.Count >= Circle))
            {
                yield return Anomaly(index, run);
            }
        }
    }

    private static List<Run> RunsOf(RolloutIndex index, AgentThread thread)
    {
        var runs = new List<Run>();
        var latest = new Dictionary<CallInTurn, Run>();
        foreach (var (call, output, tool) in Answered(index, thread))
        {
            var key = new CallInTurn(call.CodexTurnId, RolloutIndex.NameOf(tool.Kind), ItemText.Of(call));
            var result = ItemText.Of(output);
            if (latest.TryGetValue(key, out var run) && string.Equals(run.Result, result, StringComparison.Ordinal))
            {
                run.Add(call, tool);
                continue;
            }

            runs.Add(latest[key] = new Run(call, tool, result));
        }

        return runs;
    }

    private static IEnumerable<(ConversationItem Call, ConversationItem Output, RecordedToolCall Tool)> Answered(RolloutIndex index, AgentThread thread)
    {
        foreach (var (call, output) in PairedCalls.Of(thread.ConversationItemIds.Select(id => index.Graph.ConversationItems[id])))
        {
            if (output is not null && index.ToolOf(call.ItemId) is { } tool && !IsWait(index, tool))
            {
                yield return (call, output, tool);
            }
        }
    }

    private static bool IsWait(RolloutIndex index, RecordedToolCall tool) =>
        tool.Kind.Type is ToolCallKindType.WriteStdin or ToolCallKindType.WaitAgent || index.CellsWaitedForBy(tool).Count > 0;

    private static RolloutAnomaly Anomaly(RolloutIndex index, Run run)
    {
        var preview = ItemText.Preview(ItemText.Of(run.First), PreviewLength);
        var result = ItemText.Preview(run.Result, PreviewLength);
        return new RolloutAnomaly
        {
            Code = AnomalyCodes.RepeatedCall,
            Subject = run.First.ItemId,
            Message = $"{RolloutIndex.NameOf(run.FirstTool.Kind)} was called {run.Count} times with the same result, from {run.First.ItemId} to {run.Last.ItemId}: {preview}{(result.Length > 0 ? $" gave {result}" : "")}",
            Evidence = [Evidence.Event(run.FirstTool.Execution.StartedSeq), Evidence.Event(run.LastTool.Execution.StartedSeq)],
        };
    }

    private sealed record CallInTurn(string? TurnId, string Name, string Arguments);

    /// <summary>The same call with the same result, so many times.</summary>
    private sealed class Run(ConversationItem call, RecordedToolCall tool, string result)
    {
        public string Result { get; } = result;

        public int Count { get; private set; } = 1;

        public ConversationItem First { get; } = call;

        public RecordedToolCall FirstTool { get; } = tool;

        public ConversationItem Last { get; private set; } = call;

        public RecordedToolCall LastTool { get; private set; } = tool;

        public void Add(ConversationItem again, RecordedToolCall by)
        {
            Count++;
            (Last, LastTool) = (again, by);
        }
    }
}

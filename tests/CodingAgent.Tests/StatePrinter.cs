using System.Text;
using RolloutTrace.Analysis;
using RolloutTrace.Reducer;
using static CodingAgent.Tests.ItemText;

namespace CodingAgent.Tests;

/// <summary>
/// Prints a state whole, but for what differs from run to run: ids, times, and how agents that work at the same time
/// interleave. Two runs of the fixed task print the same.
/// </summary>
internal sealed class StatePrinter
{
    private readonly RolloutGraph graph;
    private readonly StringBuilder text = new();

    private StatePrinter(RolloutGraph graph) => this.graph = graph;

    public static string Print(RolloutGraph graph)
    {
        var printer = new StatePrinter(graph);
        printer.Print();
        return printer.text.ToString();
    }

    private void Print()
    {
        Line($"rollout {Word(graph.Status)}");
        foreach (var thread in graph.Threads.Values.OrderBy(t => t.AgentPath, StringComparer.Ordinal))
        {
            PrintThread(thread);
        }

        Line("edges");
        foreach (var edge in graph.InteractionEdges.Values.Select(e =>
            $"  {Word(e.Kind)}: {Place(e.Source)} -> {Place(e.Target)}{(e.EndedAtUnixMs is null ? ", not ended" : "")}, carries {e.CarriedRawPayloadIds.Count} payloads").Order(StringComparer.Ordinal))
        {
            Line(edge);
        }
    }

    private void PrintThread(AgentThread thread)
    {
        Line($"thread {thread.AgentPath} {Word(thread.Execution.Status)}, {thread.DefaultModel}, {(thread.Origin is RootOrigin ? "root" : "spawned")}");
        foreach (var turn in graph.CodexTurns.Values.Where(t => t.ThreadId == thread.ThreadId).OrderBy(t => t.Execution.StartedSeq))
        {
            Line($"  turn {Word(turn.Execution.Status)}");
            foreach (var call in graph.InferenceCalls.Values.Where(c => c.CodexTurnId == turn.CodexTurnId).OrderBy(c => c.Execution.StartedSeq))
            {
                Line($"    request {Word(call.Execution.Status)} {call.ResponseId} {call.UpstreamRequestId} {call.Usage}");
                Line($"      saw {Numbers(thread, call.RequestItemIds)}, gave {Numbers(thread, call.ResponseItemIds)}, started {string.Join(' ', call.ToolCallIdsStartedByResponse)}");
            }

            foreach (var compaction in graph.Compactions.Values.Where(c => c.CodexTurnId == turn.CodexTurnId))
            {
                Line($"    compaction by {compaction.RequestIds.Count} request: {Numbers(thread, compaction.InputItemIds)} became {Numbers(thread, compaction.ReplacementItemIds)}");
            }

            foreach (var tool in graph.ToolCalls.Values.Where(t => t.StartedByCodexTurnId == turn.CodexTurnId && t.Requester is RequestedByModel).OrderBy(t => t.Execution.StartedSeq))
            {
                PrintTool(tool);
            }

            foreach (var cell in graph.CodeCells.Values.Where(c => c.CodexTurnId == turn.CodexTurnId).OrderBy(c => c.Execution.StartedSeq))
            {
                Line($"    cell {cell.CodeCellId} {Word(cell.RuntimeStatus)} {Word(cell.Execution.Status)}{(cell.YieldedSeq is null ? "" : ", yielded")}"
                    + $", waited for by {string.Join(' ', cell.WaitToolCallIds)}");
                foreach (var nested in cell.NestedToolCallIds.Select(id => graph.ToolCalls[id]).OrderBy(t => t.Execution.StartedSeq))
                {
                    PrintTool(nested);
                }
            }
        }

        Line("  items");
        foreach (var (id, number) in thread.ConversationItemIds.Select((id, i) => (id, i)))
        {
            var item = graph.ConversationItems[id];
            Line($"    {number} by {string.Join(' ', item.ProducedBy.Select(p => p.GetType().Name))}: {OfState(item).ReplaceLineEndings("\\n")}");
        }
    }

    private void PrintTool(RecordedToolCall tool)
    {
        Line($"    tool {Name(tool)} {Word(tool.Kind.Type)} {Word(tool.Execution.Status)} for {(tool.Requester is RequestedByCodeCell cell ? cell.CodeCellId : "the model")}"
            + $"{(tool.McpCallId is null ? "" : ", with an MCP call id")}, {tool.RawRuntimePayloadIds.Count} runtime payloads");
        if (tool.TerminalOperationId is { } id)
        {
            var operation = graph.TerminalOperations[id];
            Line($"      {Word(operation.Kind)} in terminal {operation.TerminalId}, {Word(operation.Execution.Status)}, {operation.Result?.ExitCode}: {operation.Result?.Stdout.ReplaceLineEndings("\\n")}");
        }
    }

    private static string Name(RecordedToolCall tool) => tool.ModelVisibleCallId ?? tool.CodeModeRuntimeToolId ?? "?";

    private static string Numbers(AgentThread thread, IEnumerable<string> items)
    {
        var all = thread.ConversationItemIds.ToList();
        return $"[{string.Join(' ', items.Select(id => all.IndexOf(id)))}]";
    }

    private string Place(InteractionAnchor anchor) => anchor switch
    {
        ToolCallAnchor tool => Name(graph.ToolCalls[tool.ToolCallId]),
        ConversationItemAnchor item => $"{graph.Threads[graph.ConversationItems[item.ItemId].ThreadId].AgentPath} \"{OfState(graph.ConversationItems[item.ItemId])}\"",
        ThreadAnchor thread => graph.Threads[thread.ThreadId].AgentPath,
        _ => throw new InvalidOperationException($"an anchor of type {anchor.GetType()}"),
    };

    private void Line(string line) => text.Append(line.TrimEnd()).Append('\n');
}

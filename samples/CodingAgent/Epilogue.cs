using CodingAgent.Narration;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.Samples;

namespace CodingAgent;

/// <summary>What there is after a run: the bundle, what became of the rollout, and what one can ask now.</summary>
internal static class Epilogue
{
    public static void Write(string bundle, Narrator narrator, bool hasHelper)
    {
        var graph = RolloutReducer.Reduce(bundle, new ReductionOptions { Strict = true }).Graph;
        narrator.Line();
        narrator.Line($"The rollout is recorded in {bundle}");
        narrator.Line();
        narrator.Block(Summary(graph));
        narrator.Line();
        narrator.Block(Questions(graph, bundle, hasHelper));
    }

    private static IEnumerable<string> Summary(RolloutGraph graph)
    {
        yield return $"What its state says: the rollout {Word(graph.Status)}.";
        foreach (var thread in graph.Threads.Values)
        {
            var turns = graph.CodexTurns.Values.Where(t => t.ThreadId == thread.ThreadId).Select(t => Word(t.Execution.Status));
            yield return $"  {thread.AgentPath}: turns {string.Join(", ", turns)}; its models saw {thread.ConversationItemIds.Count} items";
        }

        yield return $"  model requests: {Count(graph.InferenceCalls.Values.OrderBy(c => c.Execution.StartedSeq).Select(c => Word(c.Execution.Status)))}";
        yield return $"  tool calls: {Count(graph.ToolCalls.Values.OrderBy(t => t.Execution.StartedSeq).Select(t => Word(t.Kind.Type)))}";
        yield return $"  of these, called by code: {graph.ToolCalls.Values.Count(t => t.Requester is RequestedByCodeCell)}";
        yield return $"  code cells: {Count(graph.CodeCells.Values.Select(c => Word(c.RuntimeStatus)))}";
        yield return $"  commands: {Count(Commands(graph))}";
        foreach (var terminal in graph.TerminalSessions.Values)
        {
            yield return $"  terminal {terminal.TerminalId}: {terminal.OperationIds.Count} operations";
        }

        foreach (var compaction in graph.Compactions.Values)
        {
            yield return $"  compaction: {compaction.InputItemIds.Count} items became {compaction.ReplacementItemIds.Count}";
        }

        yield return $"  between agents: {Count(graph.InteractionEdges.Values.Select(e => Word(e.Kind)))}";
    }

    private static IEnumerable<string> Questions(RolloutGraph graph, string bundle, bool hasHelper)
    {
        List<(string Question, string?[] Words)> questions =
        [
            ("What happened, and when?", ["inspect", null]),
            ("What went wrong?", ["anomalies", null]),
        ];
        if (graph.InferenceCalls.Values.Where(c => c.ThreadId == graph.RootThreadId).MaxBy(c => c.Execution.StartedSeq) is { } request)
        {
            questions.Add(("What did the model see at the end?", ["transcript", null, "--at", request.InferenceCallId]));
            questions.Add(("What fills its context?", ["context", null]));
        }

        if (graph.ToolCalls.Values.Where(t => t.Requester is RequestedByCodeCell).MinBy(t => t.Execution.StartedSeq) is { } nested)
        {
            questions.Add(("Why did code call this tool?", ["explain", null, nested.ToolCallId]));
        }

        if (graph.InteractionEdges.Values.Where(e => e.Kind == InteractionEdgeKind.AgentResult).MinBy(e => e.StartedAtUnixMs) is { } result)
        {
            questions.Add(("Where did the helper's answer go?", ["explain", null, result.EdgeId]));
        }

        if (hasHelper)
        {
            questions.Add(("The helper recorded itself, beside it. Both as one rollout:", ["join", Path.GetRelativePath(Environment.CurrentDirectory, Path.GetDirectoryName(bundle)!), "-o", "joined", "--root", graph.RolloutId]));
            questions.Add(("What did each of them do?", ["inspect", "joined"]));
        }

        questions.Add(("All of it as a page for the browser.", ["view", null, "-o", "rollout.html"]));
        return WhatToAsk.Lines(bundle, questions);
    }

    private static IEnumerable<string> Commands(RolloutGraph graph) => graph.TerminalOperations.Values
        .Where(o => o.Kind == TerminalOperationKind.ExecCommand)
        .Select(o => o.Result?.ExitCode is { } code ? $"exit code {code}" : "no exit code");

    private static string Count(IEnumerable<string> words)
    {
        var counts = words.CountBy(w => w).Select(w => $"{w.Value} {w.Key}").ToList();
        return counts.Count == 0 ? "none" : string.Join(", ", counts);
    }

    private static string Word<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}

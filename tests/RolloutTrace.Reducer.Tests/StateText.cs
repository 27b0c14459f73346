using System.Text;

namespace RolloutTrace.Reducer.Tests;

/// <summary>A state in lines that a reader can check by eye: what ran, what the model saw, how they belong together, what was odd.</summary>
internal static class StateText
{
    public static string Of(ReductionResult result)
    {
        var graph = result.Graph;
        var text = new StringBuilder();
        text.AppendLine($"rollout {graph.Status}");
        foreach (var thread in graph.Threads.Values)
        {
            var origin = thread.Origin is SpawnedOrigin spawned ? $"spawned by {spawned.ParentThreadId} as {spawned.TaskName}" : "root";
            text.AppendLine($"thread {thread.ThreadId} {thread.AgentPath} {thread.Execution.Status}, {origin}, {thread.DefaultModel ?? "no model"}");
        }

        foreach (var turn in graph.CodexTurns.Values)
        {
            text.AppendLine($"turn {turn.CodexTurnId} {turn.Execution.Status}");
        }

        foreach (var item in graph.ConversationItems.Values.OrderBy(item => Number(item.ItemId)))
        {
            var callId = item.CallId is null ? "" : $" {item.CallId}";
            text.AppendLine($"item {Number(item.ItemId)} {item.Role} {item.Kind}{callId}: {string.Join(" | ", item.Body.Parts.Select(Part))}");
        }

        foreach (var call in graph.InferenceCalls.Values)
        {
            var usage = call.Usage is null ? "?" : $"{call.Usage.InputTokens} in {call.Usage.OutputTokens} out";
            text.AppendLine($"request {call.InferenceCallId} {call.Execution.Status} [{Numbers(call.RequestItemIds)}] -> [{Numbers(call.ResponseItemIds)}] {usage}; started {Ids(call.ToolCallIdsStartedByResponse)}");
        }

        foreach (var tool in graph.ToolCalls.Values)
        {
            text.AppendLine($"tool {tool.ToolCallId} {tool.Kind.Type} {tool.Execution.Status}: calls [{Numbers(tool.ModelVisibleCallItemIds)}] outputs [{Numbers(tool.ModelVisibleOutputItemIds)}]");
        }

        foreach (var cell in graph.CodeCells.Values)
        {
            text.AppendLine($"cell {cell.CodeCellId} {cell.RuntimeStatus}");
        }

        foreach (var compaction in graph.Compactions.Values)
        {
            text.AppendLine($"compaction {compaction.CompactionId} [{Numbers(compaction.InputItemIds)}] -> [{Numbers(compaction.ReplacementItemIds)}]");
        }

        foreach (var edge in graph.InteractionEdges.Values)
        {
            text.AppendLine($"edge {edge.EdgeId} {edge.Kind}: {edge.Source} -> {edge.Target}");
        }

        foreach (var diagnostic in result.Diagnostics)
        {
            text.AppendLine($"{diagnostic.Severity} {diagnostic.Code} at line {diagnostic.Line}: {diagnostic.Message}");
        }

        return text.ToString();
    }

    private static string Part(ConversationPart part) => part switch
    {
        TextPart p => $"'{p.Text}'",
        SummaryPart p => $"summary '{p.Text}'",
        EncodedPart p => $"{p.Label} '{p.Value}'",
        JsonPart p => $"json {p.Summary}",
        CodePart p => $"{p.Language} '{p.Source}'",
        PayloadReferencePart p => $"{p.Label} in {p.RawPayloadId}",
        _ => part.ToString(),
    };

    private static string Numbers(IReadOnlyList<string> ids) => string.Join(' ', ids.Select(Number));

    private static string Ids(IReadOnlyList<string> ids) => ids.Count == 0 ? "nothing" : string.Join(' ', ids);

    private static int Number(string itemId) => RolloutTrace.Bundle.ObjectIds.NumberOf(itemId);
}

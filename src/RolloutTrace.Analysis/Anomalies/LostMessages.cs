using System.Buffers;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Anomalies;

/// <summary>Messages, tasks and results between agents that no model's input shows.</summary>
internal static class LostMessages
{
    private static readonly SearchValues<char> EscapedInJson = SearchValues.Create(['"', '\\', '/', .. Enumerable.Range(0, ' ').Select(static c => (char)c)]);

    // As much of a task as tells it from another, and as surely stands in the preview of a call's arguments.
    private const int TaskLength = 40;

    public static IEnumerable<RolloutAnomaly> Find(RolloutIndex index, KnownHistories known) => [.. Sent(index, known), .. Results(index, known)];

    private static IEnumerable<RolloutAnomaly> Sent(RolloutIndex index, KnownHistories known)
    {
        var graph = index.Graph;
        foreach (var tool in graph.ToolCalls.Values.OrderBy(static tool => tool.Execution.StartedSeq))
        {
            // Where the message should go stands in what is missing.
            if (known.IsDamagedWithin(tool.Execution.StartedSeq, tool.Execution.EndedSeq ?? long.MaxValue))
            {
                continue;
            }

            var isMessage = tool.Kind.Type is ToolCallKindType.SendMessage or ToolCallKindType.AssignAgentTask;
            if (isMessage && !known.AnyUnknown && tool.Execution.Status == ExecutionStatus.Completed && index.EdgesFrom(tool.ToolCallId).Count == 0)
            {
                yield return Anomaly(tool, $"{WireName.Of(tool.Kind.Type)} {tool.ToolCallId} completed, but no model of the receiving agent saw the message");
            }

            foreach (var edge in index.EdgesFrom(tool.ToolCallId))
            {
                // What another tool tells the agent that it brings about is in no form that could be looked for.
                if (tool.Kind.Type == ToolCallKindType.SpawnAgent && edge is { Kind: InteractionEdgeKind.SpawnAgent, Target: ThreadAnchor { ThreadId: var child } } && !known.AnyUnknownIn(child) && !IsInput(index, tool, child))
                {
                    yield return Anomaly(tool, $"spawn_agent {tool.ToolCallId} started {index.AgentOf(child)}, whose model never saw the task");
                }
            }
        }

        RolloutAnomaly Anomaly(RecordedToolCall tool, string message) => new()
        {
            Code = AnomalyCodes.NotDelivered,
            Subject = tool.ToolCallId,
            Message = message,
            Evidence = [Evidence.Event(tool.Execution.StartedSeq), .. Evidence.Payload(graph, tool.RawInvocationPayloadId)],
        };
    }

    private static IEnumerable<RolloutAnomaly> Results(RolloutIndex index, KnownHistories known)
    {
        var graph = index.Graph;
        var parents = new HashSet<string>(
            graph.InteractionEdges.Values.Where(static edge => edge.Kind == InteractionEdgeKind.AgentResult).Select(edge => ChildOf(graph, edge.Source)),
            StringComparer.Ordinal);
        var told = new Lazy<ILookup<string, string>>(() => graph.ConversationItems.Values
            .Where(static item => item is { Role: ConversationRole.User, Kind: ConversationItemKind.Message })
            .ToLookup(static item => item.ThreadId, ItemText.Of, StringComparer.Ordinal));
        foreach (var thread in graph.Threads.Values.OrderBy(static thread => thread.Execution.StartedSeq))
        {
            // One that no call of its parent brought about was handed the work, as in a workflow, and owes nobody an answer.
            if (thread.Origin is SpawnedOrigin origin && IsCalledBy(graph, origin) && !HasOutlivedItsCall(graph, origin, thread) && !known.AnyUnknownIn(origin.ParentThreadId) && !known.IsDamagedWithin(thread.Execution.StartedSeq, long.MaxValue) && thread.Execution.Status == ExecutionStatus.Completed && !parents.Contains(thread.ThreadId) && !IsReported(index, told.Value[origin.ParentThreadId], thread.ThreadId))
            {
                yield return new RolloutAnomaly
                {
                    Code = AnomalyCodes.NotDelivered,
                    Subject = thread.ThreadId,
                    Message = $"{thread.AgentPath} completed, but no model of its parent saw a result",
                    Evidence = thread.Execution.EndedSeq is { } seq ? [Evidence.Event(seq)] : [],
                };
            }
        }

        static bool IsCalledBy(RolloutGraph graph, SpawnedOrigin origin) => graph.InteractionEdges.TryGetValue(origin.SpawnEdgeId, out var edge)
            && !(edge.Source is ToolCallAnchor { ToolCallId: var id } && graph.ToolCalls.GetValueOrDefault(id) is { } tool && tool.ThreadId != origin.ParentThreadId);

        // Its call only set it to work: how it reports is its program's affair, and is in no form that could be looked for.
        static bool HasOutlivedItsCall(RolloutGraph graph, SpawnedOrigin origin, AgentThread thread) => graph.InteractionEdges.TryGetValue(origin.SpawnEdgeId, out var edge)
            && edge.Source is ToolCallAnchor { ToolCallId: var id } && graph.ToolCalls.GetValueOrDefault(id) is { } tool
            && tool.Kind.Type != ToolCallKindType.SpawnAgent && tool.Execution.EndedSeq < thread.Execution.EndedSeq;
    }

    // Some runtimes give a spawned agent its task as a user's message, which is no delivery that an edge could lead to.
    private static bool IsInput(RolloutIndex index, RecordedToolCall spawn, string child)
    {
        if (spawn.Summary is not GenericSummary { InputPreview: { } arguments } || index.RequestsOfThread(child) is not [var first, ..])
        {
            return false;
        }

        return first.RequestItemIds
            .Select(id => index.Graph.ConversationItems[id])
            .Where(static item => item is { Role: ConversationRole.User, Kind: ConversationItemKind.Message })
            .Select(static item => BeginningAsInJson(ItemText.Of(item)))
            .Any(task => task.Length > 0 && arguments.Contains($"\"{task}", StringComparison.Ordinal));
    }

    // Some runtimes tell what a spawned agent has answered in a user's message that names it.
    private static bool IsReported(RolloutIndex index, IEnumerable<string> told, string child)
    {
        var answer = index.RequestsOfThread(child)
            .Reverse()
            .SelectMany(static request => request.ResponseItemIds.Reverse())
            .Select(id => index.Graph.ConversationItems[id])
            .FirstOrDefault(static item => item is { Role: ConversationRole.Assistant, Kind: ConversationItemKind.Message });
        var words = answer is null ? "" : BeginningAsInJson(ItemText.Of(answer));
        return words.Length > 0 && told.Any(text => text.Contains(child, StringComparison.Ordinal) && text.Contains(words, StringComparison.Ordinal));
    }

    private static string BeginningAsInJson(string text)
    {
        var end = text.AsSpan().IndexOfAny(EscapedInJson);
        return text[..Math.Min(end < 0 ? text.Length : end, TaskLength)];
    }

    private static string ChildOf(RolloutGraph graph, InteractionAnchor source) => source switch
    {
        ConversationItemAnchor item => graph.ConversationItems[item.ItemId].ThreadId,
        ThreadAnchor thread => thread.ThreadId,
        _ => "",
    };
}

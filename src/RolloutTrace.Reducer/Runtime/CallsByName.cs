using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Conversation;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Runtime;

/// <summary>
/// Finds the model's calls that tool calls answer where the API gives calls no ids: by the tool's name, in the order of the calls, those
/// of the tool call's own turn first.
/// </summary>
internal sealed class CallsByName(ReplayState state, Conversations conversations)
{
    /// <summary>The tool calls without a call, and the items that they answer.</summary>
    public IEnumerable<(RecordedToolCall Tool, ConversationItem Call)> Match()
    {
        // Of most rollouts no thread has such calls.
        var open = new Dictionary<string, List<(string Name, ConversationItem Item)>>(StringComparer.Ordinal);
        foreach (var threadId in state.Threads.Keys)
        {
            if (conversations.Of(threadId).LinkNames.Count > 0)
            {
                open.Add(threadId, [.. OpenCalls(threadId)]);
            }
        }

        if (open.Count == 0)
        {
            yield break;
        }

        foreach (var tool in state.Tools.Values.OrderBy(static tool => tool.Execution.StartedSeq).ToList())
        {
            if (tool is not { Requester: RequestedByModel, ModelVisibleCallId: null, ModelVisibleCallItemIds.Count: 0 } || !open.TryGetValue(tool.ThreadId, out var calls))
            {
                continue;
            }

            var names = NamesOf(tool);
            var found = calls.FindIndex(call => names.Contains(call.Name) && string.Equals(call.Item.CodexTurnId, tool.StartedByCodexTurnId, StringComparison.Ordinal));
            found = found >= 0 ? found : calls.FindIndex(call => names.Contains(call.Name));
            if (found >= 0)
            {
                yield return (tool, calls[found].Item);
                calls.RemoveAt(found);
            }
        }
    }

    private IEnumerable<(string Name, ConversationItem Item)> OpenCalls(string threadId)
    {
        var conversation = conversations.Of(threadId);
        foreach (var (callId, name) in conversation.LinkNames.ToDictionary())
        {
            if (state.ToolsByModelCall.Find(callId) is null && conversation.ByCallId(ConversationItemKind.FunctionCall).Find(callId) is [var first, ..])
            {
                yield return (name, state.Items[first]);
            }
        }
    }

    // What the model called it, which the log has as its label, or as its kind.
    private static HashSet<string> NamesOf(RecordedToolCall tool)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { WireEnumName(tool.Kind) };
        if (tool.Summary is GenericSummary { Label: { } label })
        {
            names.Add(label);
            names.Add(label[(label.LastIndexOf('.') + 1)..]);
        }

        if (tool.Kind.Name is { } name)
        {
            names.Add(name);
        }

        if (tool.Kind.Tool is { } onServer)
        {
            names.Add(onServer);
        }

        return names;
    }

    private static string WireEnumName(ToolCallKind kind) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.Type.ToString());
}

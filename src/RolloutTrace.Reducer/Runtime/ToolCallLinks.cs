using RolloutTrace.Reducer.Conversation;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Runtime;

/// <summary>Links tool calls with the model's calls and outputs, and with the responses that asked for them.</summary>
internal sealed class ToolCallLinks(ReplayState state, Conversations conversations) : IItemObserver
{
    private const string SeveralThreads = "";

    private static readonly ConversationItemKind[] LinkedKinds =
    [
        ConversationItemKind.FunctionCall,
        ConversationItemKind.CustomToolCall,
        ConversationItemKind.FunctionCallOutput,
        ConversationItemKind.CustomToolCallOutput,
    ];

    private readonly JournaledTable<string, string> responseOfItem = new(state.Journal, StringComparer.Ordinal);
    private readonly JournaledTable<string, string> unsettled = new(state.Journal, StringComparer.Ordinal);

    // The thread that has items with a call id for which there is no tool call yet.
    private readonly JournaledTable<string, string> threadOfCall = new(state.Journal, StringComparer.Ordinal);

    // Items of other threads than their tool call's, which are linked when they are next seen.
    private readonly JournaledTable<string, string> unlinked = new(state.Journal, StringComparer.Ordinal);

    public void ItemSighted(ConversationItem item, bool isNew)
    {
        if (item.CallId is null)
        {
            return;
        }

        if (state.ToolsByModelCall.Find(item.CallId) is not { } toolId)
        {
            if (isNew)
            {
                NoteThread(item.CallId, item.ThreadId);
            }

            return;
        }

        unlinked.Remove(item.ItemId);
        var tool = state.Tools[toolId];
        var content = ItemContent.Of(item);
        if (content.IsCall)
        {
            Link(tool, [item.ItemId], []);
            LinkResponses(toolId);
            unsettled.Remove(item.CallId);
        }
        else if (content.IsOutput)
        {
            Link(tool, [], [item.ItemId]);
        }
    }

    // Nothing follows from seeing items again that look as they did, except where a link was waiting for just that.
    public void ItemsRepeated(IdList items, int start, int end)
    {
        for (var i = start; (unsettled.Count > 0 || unlinked.Count > 0) && i < end; i++)
        {
            var item = state.Items[items[i]];
            if (item.CallId is not null && (unsettled.Contains(item.CallId) || unlinked.Contains(item.ItemId)))
            {
                ItemSighted(item, isNew: false);
            }
        }
    }

    /// <summary>Links a tool call that starts with the items of its thread that are there already.</summary>
    public void LinkStarted(RecordedToolCall tool)
    {
        if (tool.ModelVisibleCallId is not { } callId)
        {
            return;
        }

        state.ToolsByModelCall.Set(callId, tool.ToolCallId);
        Link(
            tool,
            Seen(tool.ThreadId, callId, ConversationItemKind.FunctionCall, ConversationItemKind.CustomToolCall),
            Seen(tool.ThreadId, callId, ConversationItemKind.FunctionCallOutput, ConversationItemKind.CustomToolCallOutput));
        LinkResponses(tool.ToolCallId);
        AwaitOtherThreads(tool.ThreadId, callId);
    }

    public void ResponseSeen(string inferenceCallId, IdList former, IdList response)
    {
        foreach (var id in former)
        {
            responseOfItem.Remove(id);
        }

        foreach (var id in response)
        {
            responseOfItem.Set(id, inferenceCallId);
            var item = state.Items[id];
            if (ItemContent.Of(item).IsCall && state.ToolsByModelCall.Find(item.CallId) is { } toolId)
            {
                // Responses that the tool call belongs to learn of it when the call is next seen, here or as
                // another item that was there before.
                if (state.Tools[toolId].ModelVisibleCallItemIds.Count > 1)
                {
                    unsettled.Set(item.CallId!, toolId);
                }
            }
        }
    }

    private void NoteThread(string callId, string threadId)
    {
        var known = threadOfCall.Find(callId);
        if (known != threadId && known != SeveralThreads)
        {
            threadOfCall.Set(callId, known is null ? threadId : SeveralThreads);
        }
    }

    // Items of other threads are linked by their call id alone, but only when they are next seen.
    private void AwaitOtherThreads(string threadId, string callId)
    {
        if (threadOfCall.Find(callId) is { } known && known != threadId)
        {
            foreach (var conversation in conversations.AllBut(threadId))
            {
                foreach (var kind in LinkedKinds)
                {
                    foreach (var id in conversation.ByCallId(kind).Find(callId) ?? IdList.Empty)
                    {
                        unlinked.Set(id, callId);
                    }
                }
            }
        }

        threadOfCall.Remove(callId);
    }

    private void Link(RecordedToolCall tool, IReadOnlyList<string> calls, IReadOnlyList<string> outputs)
    {
        var newCalls = calls.Where(id => !tool.ModelVisibleCallItemIds.Contains(id)).ToArray();
        var newOutputs = outputs.Where(id => !tool.ModelVisibleOutputItemIds.Contains(id)).ToArray();
        foreach (var id in outputs)
        {
            state.AddProducer(id, new ToolProducer { ToolCallId = tool.ToolCallId });
        }

        if (newCalls.Length == 0 && newOutputs.Length == 0)
        {
            return;
        }

        state.Tools.Set(tool.ToolCallId, tool with
        {
            ModelVisibleCallItemIds = tool.ModelVisibleCallItemIds.Append(newCalls),
            ModelVisibleOutputItemIds = tool.ModelVisibleOutputItemIds.Append(newOutputs),
        });
        TerminalReduction.Observe(state, tool.ToolCallId);
    }

    private void LinkResponses(string toolId)
    {
        foreach (var item in state.Tools[toolId].ModelVisibleCallItemIds)
        {
            if (responseOfItem.Find(item) is { } callId
                && state.Inferences[callId] is var call
                && !call.ToolCallIdsStartedByResponse.Contains(toolId))
            {
                state.Inferences.Set(callId, call with { ToolCallIdsStartedByResponse = call.ToolCallIdsStartedByResponse.Append(toolId) });
            }
        }
    }

    private string[] Seen(string threadId, string callId, ConversationItemKind kind, ConversationItemKind otherKind)
    {
        var conversation = conversations.Of(threadId);
        return
        [
            .. (conversation.ByCallId(kind).Find(callId) ?? IdList.Empty)
                .Concat(conversation.ByCallId(otherKind).Find(callId) ?? IdList.Empty)
                .Order(StringComparer.Ordinal),
        ];
    }
}

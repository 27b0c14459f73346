using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Conversation;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Runtime;

/// <summary>Links tool calls with the model's calls and outputs, and with the responses that asked for them.</summary>
internal sealed class ToolCallLinks(ReplayState state, Conversations conversations, Tolerance tolerance) : IItemObserver
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

    // What pairing needs at the end of the log, noted only where a call id may stand for several calls.
    private readonly JournaledTable<ThreadLocalId, IdList> toolsOfCall = new(state.Journal);
    private readonly JournaledTable<string, StartedTool> starts = new(state.Journal, StringComparer.Ordinal);
    private readonly JournaledTable<ThreadLocalId, string> learned = new(state.Journal);

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

    /// <summary>A tool call is about to start. A call id that another tool call has stands for several calls.</summary>
    public void CheckCallId(string? callId, string what)
    {
        if (state.ToolsByModelCall.Find(callId) is { } other)
        {
            tolerance.Accept(KeepBoth.Reuse(callId!, $"{what} names the model-visible call {callId}, which is tool call {other}'s"));
        }
    }

    /// <summary>Links a tool call that starts with the items of its thread that are there already.</summary>
    public void LinkStarted(RecordedToolCall tool)
    {
        if (tolerance.TakesRewrites)
        {
            starts.Set(tool.ToolCallId, new StartedTool(tool.ToolCallId, state.LastItemNumber.Value));
        }

        if (tool.ModelVisibleCallId is not { } callId)
        {
            return;
        }

        NoteTool(tool, callId);
        if (state.ToolsByModelCall.Find(callId) is { } other)
        {
            state.ReusedCallIds.Set(new ThreadLocalId(tool.ThreadId, callId), callId);
            state.ReusedCallIds.Set(new ThreadLocalId(state.Tools[other].ThreadId, callId), callId);
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

    /// <summary>A tool call that has started may have the model's id of it in what it was given by an instrumentation.</summary>
    public void NoteGivenId(RecordedToolCall tool, PayloadDocument? invocation)
    {
        if (invocation is not null && MayLearn(tool))
        {
            Learn(tool, PayloadDocument.TextOf(PayloadDocument.Member(PayloadDocument.Member(invocation.Root, "gen_ai"), "gen_ai.tool.call.id")));
        }
    }

    /// <summary>Whether the result of a tool call may say what the model's id of the call is.</summary>
    public bool WantsResult(RecordedToolCall tool) => MayLearn(tool);

    /// <summary>A tool call has a result, which may say what the model's id of the call is.</summary>
    public void NoteResult(RecordedToolCall tool, PayloadDocument? result)
    {
        if (result is not null && MayLearn(tool))
        {
            Learn(tool, PayloadDocument.TextOf(PayloadDocument.Member(PayloadDocument.Member(result.Root, "response_item"), "call_id")));
        }
    }

    /// <summary>At the end of the log, call ids that stand for several calls are paired by their places, and ids that were learned are used; calls without ids are paired by their names.</summary>
    public void Finish()
    {
        var keys = state.ReusedCallIds.Keys.Concat(learned.Keys).Distinct().ToArray();
        var pairing = new CallPairing(state);
        foreach (var key in keys)
        {
            Pair(pairing, key);
        }

        foreach (var (tool, call) in new CallsByName(state, conversations).Match())
        {
            state.Tools.Set(tool.ToolCallId, tool with { ModelVisibleCallId = call.CallId });
            Link(state.Tools[tool.ToolCallId], [call.ItemId], Seen(tool.ThreadId, call.CallId!, ConversationItemKind.FunctionCallOutput, ConversationItemKind.CustomToolCallOutput));
            LinkResponses(tool.ToolCallId);
        }
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

    private bool MayLearn(RecordedToolCall tool) =>
        tolerance.TakesRewrites && tool is { ModelVisibleCallId: null, Requester: RequestedByModel };

    private void Learn(RecordedToolCall tool, string? callId)
    {
        if (callId is not null)
        {
            learned.Set(new ThreadLocalId(tool.ThreadId, callId), callId);
            NoteTool(tool, callId);
        }
    }

    private void NoteTool(RecordedToolCall tool, string callId)
    {
        if (tolerance.TakesRewrites)
        {
            var key = new ThreadLocalId(tool.ThreadId, callId);
            toolsOfCall.Set(key, (toolsOfCall.Find(key) ?? IdList.Empty).Append(tool.ToolCallId));
        }
    }

    private void Pair(CallPairing pairing, ThreadLocalId key)
    {
        var tools = (toolsOfCall.Find(key) ?? IdList.Empty)
            .Select(id => (Tool: state.Tools[id], starts.Find(id)!.ItemsBefore))
            .OrderBy(tool => tool.Tool.Execution.StartedSeq)
            .ToArray();
        foreach (var (tool, _) in tools)
        {
            Unlink(tool);
        }

        var conversation = conversations.Of(key.ThreadId);
        var items = LinkedKinds
            .SelectMany(kind => conversation.ByCallId(kind).Find(key.Id) ?? IdList.Empty)
            .Select(id => state.Items[id])
            .OrderBy(item => ObjectIds.NumberOf(item.ItemId))
            .ToArray();
        var paired = pairing.Pair(items, tools);
        for (var i = 0; i < tools.Length; i++)
        {
            var id = tools[i].Tool.ToolCallId;
            Link(state.Tools[id], paired[i].Calls, paired[i].Outputs);
            LinkResponses(id);
        }
    }

    private void Unlink(RecordedToolCall tool)
    {
        foreach (var id in tool.ModelVisibleOutputItemIds)
        {
            var item = state.Items[id];
            state.Items.Set(id, item with { ProducedBy = [.. item.ProducedBy.Where(producer => producer is not ToolProducer made || made.ToolCallId != tool.ToolCallId)] });
        }

        foreach (var id in tool.ModelVisibleCallItemIds)
        {
            if (responseOfItem.Find(id) is { } callId && state.Inferences[callId] is var call)
            {
                state.Inferences.Set(callId, call with
                {
                    ToolCallIdsStartedByResponse = IdList.From(call.ToolCallIdsStartedByResponse.Where(started => started != tool.ToolCallId)),
                });
            }
        }

        state.Tools.Set(tool.ToolCallId, tool with { ModelVisibleCallItemIds = IdList.Empty, ModelVisibleOutputItemIds = IdList.Empty });
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

    /// <summary>A tool call, and how many items the rollout had when it started.</summary>
    private sealed record StartedTool(string ToolCallId, int ItemsBefore);

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

using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Invariants;

/// <summary>Conversation items: their place in a thread, their form, and what made them.</summary>
internal sealed class ConversationInvariants(InvariantScope scope)
{
    private readonly RolloutGraph graph = scope.Graph;

    public void Check()
    {
        var placed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var thread in graph.Threads.Values)
        {
            placed.UnionWith(thread.ConversationItemIds);
        }

        foreach (var (key, item) in graph.ConversationItems)
        {
            scope.Key("item", key, item.ItemId);
            scope.Numbered(ObjectIds.ConversationItemPrefix, item.ItemId, graph.ConversationItems.Count);
            scope.Context(item.ItemId, item.ThreadId, item.CodexTurnId);
            if (!placed.Contains(item.ItemId))
            {
                scope.OneSided(item.ItemId, item.ThreadId, "as its thread");
            }

            Form(item);
            Producers(item);
        }
    }

    private void Form(ConversationItem item)
    {
        var isCall = item.Kind is ConversationItemKind.FunctionCall or ConversationItemKind.CustomToolCall;
        var isOutput = item.Kind is ConversationItemKind.FunctionCallOutput or ConversationItemKind.CustomToolCallOutput;
        var isSound = item.Kind switch
        {
            ConversationItemKind.Message => item.CallId is null && (item.AgentMessage is null || item.Channel is ConversationChannel.Analysis),
            ConversationItemKind.Reasoning => Is(item, ConversationRole.Assistant, ConversationChannel.Analysis) && item.CallId is null,
            ConversationItemKind.CompactionMarker => Is(item, ConversationRole.Assistant, null) && item.CallId is null && item.Body.Parts.Count == 0,
            _ when isCall => Is(item, ConversationRole.Assistant, ConversationChannel.Commentary),
            _ when isOutput => Is(item, ConversationRole.Tool, ConversationChannel.Commentary),
            _ => false,
        };
        if (!isSound || (item.AgentMessage is not null && item.Kind != ConversationItemKind.Message))
        {
            scope.Report(InvariantCodes.MalformedItem, item.ItemId, $"{item.ItemId} has not the role, channel, call id or body of a {WireName.Of(item.Kind)}");
        }

        foreach (var part in item.Body.Parts)
        {
            scope.Payload(item.ItemId, part switch
            {
                JsonPart json => json.RawPayloadId,
                PayloadReferencePart reference => reference.RawPayloadId,
                _ => null,
            });
        }
    }

    private static bool Is(ConversationItem item, ConversationRole role, ConversationChannel? channel) => item.Role == role && item.Channel == channel;

    private void Producers(ConversationItem item)
    {
        for (var i = 0; i < item.ProducedBy.Count; i++)
        {
            var producer = item.ProducedBy[i];
            for (var j = 0; j < i; j++)
            {
                if (producer.Equals(item.ProducedBy[j]))
                {
                    scope.Report(InvariantCodes.RepeatedId, item.ItemId, $"{item.ItemId} names one producer more than once");
                }
            }

            Check(item, producer);
        }
    }

    private void Check(ConversationItem item, ConversationProducer producer)
    {
        switch (producer)
        {
            case InferenceProducer { InferenceCallId: var id }:
                if (scope.Resolves(graph.InferenceCalls, item.ItemId, "inference", id))
                {
                    SameThread(item, $"inference {id}", graph.InferenceCalls[id].ThreadId);
                }

                break;
            case ToolProducer { ToolCallId: var id }:
                if (scope.Resolves(graph.ToolCalls, item.ItemId, "tool call", id) && !graph.ToolCalls[id].ModelVisibleOutputItemIds.Contains(item.ItemId))
                {
                    scope.OneSided(item.ItemId, $"tool call {id}", "as its producer");
                }

                break;
            case CodeCellProducer { CodeCellId: var id }:
                if (scope.Resolves(graph.CodeCells, item.ItemId, "cell", id) && !graph.CodeCells[id].OutputItemIds.Contains(item.ItemId))
                {
                    scope.OneSided(item.ItemId, id, "as its producer");
                }

                break;
            case CompactionProducer { CompactionId: var id }:
                if (scope.Resolves(graph.Compactions, item.ItemId, "compaction", id))
                {
                    SameThread(item, $"compaction {id}", graph.Compactions[id].ThreadId);
                }

                break;
            case InteractionEdgeProducer { EdgeId: var id }:
                scope.Resolves(graph.InteractionEdges, item.ItemId, "edge", id);
                break;
        }
    }

    private void SameThread(ConversationItem item, string producer, string threadId)
    {
        if (!string.Equals(item.ThreadId, threadId, StringComparison.Ordinal))
        {
            scope.Report(InvariantCodes.ForeignThread, item.ItemId, $"{item.ItemId} is of thread {item.ThreadId}, but its producer, {producer}, of thread {threadId}");
        }
    }
}

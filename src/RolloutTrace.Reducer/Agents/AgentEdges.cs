using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Conversation;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Agents;

/// <summary>
/// Joins messages between agents with the items that deliver them. Either may come first; one item resolves one
/// edge, the one that has waited longest.
/// </summary>
internal sealed class AgentEdges(ReplayState state) : IItemObserver
{
    private readonly JournaledTable<string, PendingEdge> pending = new(state.Journal, StringComparer.Ordinal);
    private readonly JournaledTable<DeliveryKey, IdList> waiting = new(state.Journal);
    private readonly JournaledTable<DeliveryKey, IdList> unclaimed = new(state.Journal);
    private readonly JournaledTable<string, string> edgeOfTool = new(state.Journal, StringComparer.Ordinal);
    private readonly JournaledTable<string, string> pendingEdgeOfTool = new(state.Journal, StringComparer.Ordinal);
    // Edges that a thread's metadata made, which the tool's own payloads know better.
    private readonly JournaledTable<string, string> fromMetadata = new(state.Journal, StringComparer.Ordinal);

    // Results that went back as the output of a tool call, by the edge's id.
    private readonly JournaledTable<string, ReturnedResult> returned = new(state.Journal, StringComparer.Ordinal);
    private readonly JournaledTable<ThreadLocalId, string> lastAssistantMessage = new(state.Journal);

    public void ItemSighted(ConversationItem item, bool isNew)
    {
        if (!isNew || item is not { Kind: ConversationItemKind.Message, Role: ConversationRole.Assistant })
        {
            return;
        }

        NoteAssistantMessage(item);
        if (DeliveryItem.Read(item) is not { } delivery || delivery.Recipient != state.AddressOf(item.ThreadId))
        {
            return;
        }

        var key = new DeliveryKey(item.ThreadId, delivery.Author, delivery.Message);
        if (TakeFirst(waiting, key) is { } edgeId)
        {
            var edge = pending[edgeId];
            pending.Remove(edgeId);
            Resolve(edge, item.ItemId);
        }
        else
        {
            unclaimed.Set(key, (unclaimed.Find(key) ?? IdList.Empty).Append(item.ItemId));
        }
    }

    /// <summary>A message is on its way, or known to have been.</summary>
    public void Observe(PendingEdge edge)
    {
        if (pending.Find(edge.EdgeId) is { } known)
        {
            if (known.Kind != edge.Kind || known.Source != edge.Source || known.Delivery != edge.Delivery)
            {
                throw ReductionFault.Contradiction($"the pending edge {edge.EdgeId} was observed again as another message");
            }

            pending.Set(edge.EdgeId, known.Merge(edge));
        }
        else if (TakeFirst(unclaimed, edge.Delivery) is { } itemId)
        {
            Resolve(edge, itemId);
        }
        else
        {
            pending.Set(edge.EdgeId, edge);
            waiting.Set(edge.Delivery, (waiting.Find(edge.Delivery) ?? IdList.Empty).Append(edge.EdgeId));
            if (edge.Source is ToolCallAnchor source)
            {
                pendingEdgeOfTool.Set(source.ToolCallId, edge.EdgeId);
            }
        }
    }

    /// <summary>An edge that needs no delivery is there, or known to have been.</summary>
    public void Set(InteractionEdge edge)
    {
        if (state.Edges.Find(edge.EdgeId) is { } known)
        {
            if (known.Kind != edge.Kind || known.Source != edge.Source || known.Target != edge.Target)
            {
                throw ReductionFault.Contradiction($"the edge {edge.EdgeId} was observed again with other ends");
            }

            edge = known with
            {
                StartedAtUnixMs = Math.Min(known.StartedAtUnixMs, edge.StartedAtUnixMs),
                EndedAtUnixMs = EdgeTimes.Later(known.EndedAtUnixMs, edge.EndedAtUnixMs),
                CarriedItemIds = known.CarriedItemIds.Union(edge.CarriedItemIds),
                CarriedRawPayloadIds = known.CarriedRawPayloadIds.Union(edge.CarriedRawPayloadIds),
            };
        }

        state.Edges.Set(edge.EdgeId, edge);
        if (edge.Source is ToolCallAnchor source)
        {
            edgeOfTool.Set(source.ToolCallId, edge.EdgeId);
        }
    }

    /// <summary>A thread's metadata names the tool call, of any kind, that brought the thread about.</summary>
    public void SpawnedBy(RawEvent raw, string toolCallId, string parentThreadId, string threadId)
    {
        var edgeId = ObjectIds.SpawnEdge(parentThreadId, threadId);
        if (!state.Tools.Contains(toolCallId) || state.Edges.Contains(edgeId))
        {
            return;
        }

        Tell(raw, edgeId, InteractionEdgeKind.SpawnAgent, toolCallId, threadId);
    }

    /// <summary>In a joined bundle: a tool call of one process brought about a turn of a thread that was there already. What the tool's own payloads tell counts before it.</summary>
    public void CalledBy(RawEvent raw, string toolCallId, string threadId)
    {
        var edgeId = ObjectIds.ToolEdge(toolCallId);
        if (!state.Tools.Contains(toolCallId) || !state.Threads.Contains(threadId) || state.Edges.Contains(edgeId) || pending.Contains(edgeId))
        {
            return;
        }

        Tell(raw, edgeId, InteractionEdgeKind.AssignAgentTask, toolCallId, threadId);
    }

    private void Tell(RawEvent raw, string edgeId, InteractionEdgeKind kind, string toolCallId, string threadId)
    {
        Set(new InteractionEdge
        {
            EdgeId = edgeId,
            Kind = kind,
            Source = new ToolCallAnchor { ToolCallId = toolCallId },
            Target = new ThreadAnchor { ThreadId = threadId },
            StartedAtUnixMs = raw.WallTimeUnixMs,
            EndedAtUnixMs = raw.WallTimeUnixMs,
        });
        fromMetadata.Set(edgeId, edgeId);
    }

    /// <summary>A result went back as the output of a tool call, which may not have been seen yet. Told twice it counts as told first.</summary>
    public void ReturnedBy(PendingEdge edge, string toolCallId)
    {
        if (!returned.Contains(edge.EdgeId))
        {
            returned.Set(edge.EdgeId, new ReturnedResult(edge, toolCallId));
        }
    }

    /// <summary>A tool's result belongs to the edge that the tool is the source of.</summary>
    public void AddPayload(string toolId, string payloadId)
    {
        if (edgeOfTool.Find(toolId) is { } edgeId)
        {
            var edge = state.Edges[edgeId];
            state.Edges.Set(edgeId, edge with { CarriedRawPayloadIds = edge.CarriedRawPayloadIds.Union([payloadId]) });
        }
        else if (pendingEdgeOfTool.Find(toolId) is { } pendingId && pending.Find(pendingId) is { } waitingEdge)
        {
            pending.Set(pendingId, waitingEdge with { PayloadIds = waitingEdge.PayloadIds.Union([payloadId]) });
        }
    }

    /// <summary>Where a turn's result comes from: the thread's last assistant message in it, or the thread itself.</summary>
    public InteractionAnchor ResultSource(string threadId, string turnId) => lastAssistantMessage.Find(new ThreadLocalId(threadId, turnId)) is { } itemId
        ? new ConversationItemAnchor { ItemId = itemId }
        : new ThreadAnchor { ThreadId = threadId };

    /// <summary>At the end of the log a spawn that was never delivered goes to the child's thread; other messages are lost.</summary>
    public void Finish()
    {
        foreach (var edge in pending.Values)
        {
            if (edge.Kind == InteractionEdgeKind.SpawnAgent && state.Threads.Contains(edge.Delivery.TargetThreadId))
            {
                YieldToPayloads(edge.EdgeId);
                if (!state.Edges.Contains(edge.EdgeId))
                {
                    Set(edge.To(new ThreadAnchor { ThreadId = edge.Delivery.TargetThreadId }, IdList.Empty));
                }
            }
        }

        foreach (var (edge, toolCallId) in returned.Values)
        {
            if (state.Tools.Find(toolCallId)?.ModelVisibleOutputItemIds is { Count: > 0 } outputs)
            {
                var output = outputs.Min(StringComparer.Ordinal)!;
                Set(edge.To(new ConversationItemAnchor { ItemId = output }, IdList.Empty.Append(output)));
            }
            else if (state.Threads.Contains(edge.Delivery.TargetThreadId))
            {
                Set(edge.To(new ThreadAnchor { ThreadId = edge.Delivery.TargetThreadId }, IdList.Empty));
            }
        }
    }

    private void YieldToPayloads(string edgeId)
    {
        if (fromMetadata.Contains(edgeId))
        {
            fromMetadata.Remove(edgeId);
            state.Edges.Remove(edgeId);
        }
    }

    // An edge that was resolved before and has waited anew finds that it went to two places.
    private void Resolve(PendingEdge edge, string itemId)
    {
        YieldToPayloads(edge.EdgeId);
        if (state.Edges.Contains(edge.EdgeId))
        {
            throw ReductionFault.Contradiction($"the edge {edge.EdgeId} was delivered already, and again by {itemId}");
        }

        Set(edge.To(new ConversationItemAnchor { ItemId = itemId }, IdList.Empty.Append(itemId)));
    }

    private sealed record ReturnedResult(PendingEdge Edge, string ToolCallId);

    private static string? TakeFirst(JournaledTable<DeliveryKey, IdList> table, DeliveryKey key)
    {
        if (table.Find(key) is not { } ids)
        {
            return null;
        }

        if (ids.Count == 1)
        {
            table.Remove(key);
        }
        else
        {
            table.Set(key, IdList.From(ids.Skip(1)));
        }

        return ids[0];
    }

    private void NoteAssistantMessage(ConversationItem item)
    {
        if (item.AgentMessage is not null || item.CodexTurnId is null)
        {
            return;
        }

        var key = new ThreadLocalId(item.ThreadId, item.CodexTurnId);
        if (lastAssistantMessage.Find(key) is not { } last || IsLater(item, state.Items[last]))
        {
            lastAssistantMessage.Set(key, item.ItemId);
        }
    }

    private static bool IsLater(ConversationItem item, ConversationItem other) => item.FirstSeenAtUnixMs != other.FirstSeenAtUnixMs
        ? item.FirstSeenAtUnixMs > other.FirstSeenAtUnixMs
        : string.CompareOrdinal(item.ItemId, other.ItemId) > 0;
}

using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>What happens whenever an item is seen in a model-facing payload, for the first time or again.</summary>
internal sealed class ItemSightings(ReplayState state, IDiagnosticSink diagnostics)
{
    private readonly JournaledTable<string, string> noted = new(state.Journal, StringComparer.Ordinal);

    /// <summary>Told of every sighting, in this order.</summary>
    public IReadOnlyList<IItemObserver> Observers { get; set; } = [];

    /// <summary>Makes a new item.</summary>
    public string Create(in Sighting sighting, ItemContent content, ConversationProducer? producer)
    {
        var conversation = state.ConversationOf(sighting.ThreadId);
        CheckCallId(conversation, content);

        var id = ObjectIds.ConversationItem(++state.LastItemNumber.Value);
        var item = new ConversationItem
        {
            ItemId = id,
            ThreadId = sighting.ThreadId,
            CodexTurnId = sighting.TurnId,
            FirstSeenAtUnixMs = sighting.Event.WallTimeUnixMs,
            Role = content.Role,
            Channel = content.Channel,
            Kind = content.Kind,
            AgentMessage = content.AgentMessage,
            Body = new ConversationBody { Parts = content.Parts },
            CallId = content.CallId,
            ProducedBy = producer is null ? [] : [producer],
        };
        state.Items.Set(id, item);
        Index(conversation, content, id);
        var thread = state.Threads[sighting.ThreadId];
        state.Threads.Set(thread.ThreadId, thread with { ConversationItemIds = thread.ConversationItemIds.Append(id) });
        Tell(id, isNew: true);
        return id;
    }

    /// <summary>An item is seen again, as <paramref name="content"/>.</summary>
    public void SeeAgain(in Sighting sighting, string itemId, ItemContent content)
    {
        CheckCallId(state.ConversationOf(sighting.ThreadId), content);
        var item = state.Items[itemId];
        if (item.Kind == ConversationItemKind.Reasoning && ReasoningParts.Merge(item.Body.Parts, content.Parts) is { } merged)
        {
            state.Items.Set(itemId, item with { Body = new ConversationBody { Parts = merged } });
        }

        Tell(itemId, isNew: false);
    }

    /// <summary>
    /// The item at an index of a history that may only grow: the one that stands there, which must be the same, or
    /// a new one behind its end.
    /// </summary>
    public string AppendOnly(in Sighting sighting, IdList history, int index, ItemContent content, ConversationProducer? producer)
    {
        if (index >= history.Count)
        {
            return Create(sighting, content, producer);
        }

        if (!IsSame(history[index], content))
        {
            throw ReductionFault.Contradiction(
                $"payload {sighting.Payload.RawPayloadId} rewrites history: the item at index {index} is not {history[index]}");
        }

        SeeAgain(sighting, history[index], content);
        return history[index];
    }

    /// <summary>Whether an item says the same as <paramref name="content"/>.</summary>
    public bool IsSame(string itemId, ItemContent content) => state.SameItem.Equals(ItemContent.Of(state.Items[itemId]), content);

    private void Tell(string itemId, bool isNew)
    {
        foreach (var observer in Observers)
        {
            observer.ItemSighted(state.Items[itemId], isNew);
        }
    }

    // All items of a kind with one call id are the same, so comparing with the first of them is enough.
    private void CheckCallId(ThreadConversation conversation, ItemContent content)
    {
        if (content.CallId is null || conversation.ByCallId(content.Kind).Find(content.CallId) is not { } known)
        {
            return;
        }

        var first = ItemContent.Of(state.Items[known[0]]);
        if (!state.SameItem.Equals(first, content))
        {
            throw ReductionFault.Contradiction(
                $"the model-visible call id {content.CallId} was used again with other content than {known[0]} has");
        }

        if (!noted.Contains(known[0]) && !SameItem.Exactly(first, content))
        {
            noted.Set(known[0], known[0]);
            diagnostics.Note(
                DiagnosticSeverity.Information,
                DiagnosticCodes.ItemRepeated,
                $"{known[0]} with the call id {content.CallId} was sent again and differs only in the payload that it refers to; it is taken as the same item");
        }
    }

    private static void Index(ThreadConversation conversation, ItemContent content, string id)
    {
        conversation.ByContent.Set(content, (conversation.ByContent.Find(content) ?? IdList.Empty).Append(id));
        if (content.CallId is not null)
        {
            var items = conversation.ByCallId(content.Kind);
            items.Set(content.CallId, (items.Find(content.CallId) ?? IdList.Empty).Append(id));
        }
    }
}

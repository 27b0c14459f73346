using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>What happens whenever an item is seen in a model-facing payload, for the first time or again.</summary>
internal sealed class ItemSightings(ReplayState state, Conversations conversations, SeenInEvent seen, Tolerance tolerance, IRewritePolicy policy)
{
    /// <summary>Whether two items are the same.</summary>
    public SameItem SameItem => conversations.SameItem;

    /// <summary>Makes ready to resolve the items of a payload.</summary>
    /// <param name="sighting">Where and when the payload is seen.</param>
    /// <param name="history">What its items are compared with.</param>
    /// <param name="begun">What its list begins with by itself; null for nothing.</param>
    /// <param name="producer">What made the items that are new; null if that is not known.</param>
    public ItemResolver Resolve(in Sighting sighting, History history, IdList? begun = null, ConversationProducer? producer = null) =>
        new(conversations.Of(sighting.ThreadId), this, policy, sighting, history.LastKnown, begun ?? IdList.Empty, producer);

    /// <summary>Makes a new item.</summary>
    public string Create(in Sighting sighting, ItemContent content, ConversationProducer? producer)
    {
        var conversation = conversations.Of(sighting.ThreadId);
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
        seen.Item(id, isNew: true);
        return id;
    }

    /// <summary>An item is seen again, as <paramref name="content"/>.</summary>
    public void SeeAgain(in Sighting sighting, string itemId, ItemContent content)
    {
        CheckCallId(conversations.Of(sighting.ThreadId), content);
        var item = state.Items[itemId];
        if (item.Kind == ConversationItemKind.Reasoning && ReasoningParts.Merge(item.Body.Parts, content.Parts) is { } merged)
        {
            state.Items.Set(itemId, item with { Body = new ConversationBody { Parts = merged } });
        }

        seen.Item(itemId, isNew: false);
    }

    /// <summary>Items are seen again, and look as they did: those of a history from an index to before another.</summary>
    public void Repeat(IdList history, int start, int end) => seen.Repeated(history, start, end);

    /// <summary>An inference call has a response, or another one than before.</summary>
    public void Respond(string inferenceCallId, IdList former, IdList response) => seen.Response(inferenceCallId, former, response);

    /// <summary>Whether an item says the same as <paramref name="content"/>.</summary>
    public bool IsSame(string itemId, ItemContent content) => SameItem.Equals(ItemContent.Of(state.Items[itemId]), content);

    // All items of a kind with one call id are the same, so comparing with the first of them is enough.
    private void CheckCallId(ThreadConversation conversation, ItemContent content)
    {
        if (content.CallId is null || conversation.ByCallId(content.Kind).Find(content.CallId) is not { } known)
        {
            return;
        }

        var first = ItemContent.Of(state.Items[known[0]]);
        if (!SameItem.Equals(first, content))
        {
            policy.CallIdReused(known[0], content.CallId);
        }
        else if (!SameItem.Exactly(first, content))
        {
            tolerance.Accept(new Defect
            {
                Severity = DiagnosticSeverity.Information,
                Code = DiagnosticCodes.ItemRepeated,
                What = $"{known[0]} with the call id {content.CallId} was sent again and differs only in the payload that it refers to",
                Kept = "it is taken as the same item",
                Cause = $"payloads of {known[0]}",
            });
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

using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>What happens whenever an item is seen in a model-facing payload, for the first time or again.</summary>
internal sealed class ItemSightings(ReplayState state, Conversations conversations, SeenInEvent seen, Tolerance tolerance, IRewritePolicy policy)
{
    // What an item that is known by its whole JSON is known again by.
    private readonly JournaledTable<string, string> wholes = new(state.Journal, StringComparer.Ordinal);

    // Used again by each list that is resolved, one at a time.
    private int[] gathered = new int[64];

    /// <summary>Whether two items are the same.</summary>
    public SameItem SameItem => conversations.SameItem;

    /// <summary>Makes ready to resolve the items of a payload.</summary>
    /// <param name="sighting">Where and when the payload is seen.</param>
    /// <param name="history">What its items are compared with.</param>
    /// <param name="begun">What its list begins with by itself; null for nothing.</param>
    /// <param name="producer">What made the items that are new; null if that is not known.</param>
    public ItemResolver Resolve(in Sighting sighting, History history, IdList? begun = null, ConversationProducer? producer = null) =>
        new(conversations.Of(sighting.ThreadId), this, policy, sighting, history.LastKnown, begun ?? IdList.Empty, producer);

    /// <summary>Makes ready to give ids to calls and outputs that have none.</summary>
    public NameLinks LinkByName(string threadId, IdList history) => new(state, conversations.Of(threadId), SameItem, history);

    /// <summary>Makes a new item.</summary>
    /// <param name="sighting">Where and when it is seen.</param>
    /// <param name="content">What it says.</param>
    /// <param name="producer">What made it; null if that is not known.</param>
    /// <param name="inPlaceOf">The item that stood where it stands now; null if none did, or if nobody knows.</param>
    public string Create(in Sighting sighting, ItemContent content, ConversationProducer? producer, string? inPlaceOf = null)
    {
        var conversation = conversations.Of(sighting.ThreadId);
        CheckCallId(conversation, content);

        var id = ItemIds.Of(++state.LastItemNumber.Value);
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
        if (content.Whole is not null)
        {
            wholes.Set(id, content.Whole);
        }

        if (content.CallId is not null && inPlaceOf is not null && state.Items[inPlaceOf] is var former && former.CallId == content.CallId && former.Kind == content.Kind)
        {
            state.Replaced.Set(id, inPlaceOf);
        }

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

    /// <summary>Keeps an item's number for who resolves a list, until it takes what it has gathered.</summary>
    public void Gather(int index, int number)
    {
        if (index == gathered.Length)
        {
            Array.Resize(ref gathered, 2 * index);
        }

        gathered[index] = number;
    }

    /// <summary>The first numbers that were gathered.</summary>
    public ReadOnlySpan<int> Gathered(int count) => gathered.AsSpan(0, count);

    /// <summary>An inference call has a response, or another one than before.</summary>
    public void Respond(string inferenceCallId, IdList former, IdList response) => seen.Response(inferenceCallId, former, response);

    /// <summary>Whether an item says the same as <paramref name="content"/>.</summary>
    /// <param name="itemId">The item.</param>
    /// <param name="content">What was sent.</param>
    /// <param name="appendsOnly">
    /// Whether it was sent where history may only grow; then which payload a part refers to may not matter, since nothing else could stand there.
    /// </param>
    public bool IsSame(string itemId, ItemContent content, bool appendsOnly)
    {
        var known = ItemContent.Of(state.Items[itemId], wholes.Find(itemId));
        return SameItem.Equals(known, content) || (appendsOnly && tolerance.TakesRepeatedReferences && SameItem.ButForPayloads(known, content));
    }

    /// <summary>An item.</summary>
    public ConversationItem Item(string itemId) => state.Items[itemId];

    // All items of a kind with one call id are the same, so comparing with the first of them is enough.
    private void CheckCallId(ThreadConversation conversation, ItemContent content)
    {
        if (content.CallId is null || conversation.ByCallId(content.Kind).Find(content.CallId) is not { } known)
        {
            return;
        }

        var first = ItemContent.Of(state.Items[known[0]], wholes.Find(known[0]));
        if (!SameItem.Equals(first, content))
        {
            policy.CallIdReused(state.Items[known[0]], content.CallId);
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
        conversation.Marks.Begin(id);
        var same = (conversation.ByContent.Find(content) ?? IdList.Empty).Append(id);
        conversation.ByContent.Set(content, same);
        if (same.Count > 1)
        {
            // What reasoning says may be more each time that it is seen, and what is linked by its name depends on what is before it.
            var said = content.Kind == ConversationItemKind.Reasoning || content.LinkName is not null ? null : content;
            conversation.Marks.NoteDoubled(same[^2], said);
            conversation.Marks.NoteDoubled(id, said);
        }

        if (content.LinkName is not null)
        {
            conversation.Marks.NoteDoubled(id, content: null);
        }

        if (content.CallId is not null)
        {
            var items = conversation.ByCallId(content.Kind);
            items.Set(content.CallId, (items.Find(content.CallId) ?? IdList.Empty).Append(id));
        }
    }
}

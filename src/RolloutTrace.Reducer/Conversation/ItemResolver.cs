namespace RolloutTrace.Reducer.Conversation;

/// <summary>
/// Says of each item of one payload, in order, whether it is one that was seen before or a new one, and so builds the list of
/// items that the payload showed. There are two ways to know an item again: at its place in the history, or anywhere in it.
/// </summary>
/// <param name="conversation">The thread's conversation.</param>
/// <param name="sightings">Told of what each item turned out to be.</param>
/// <param name="policy">What a conflict means.</param>
/// <param name="sighting">Where and when the payload is seen.</param>
/// <param name="history">What the payload's items are compared with.</param>
/// <param name="begun">What the payload's list begins with by itself: an incremental request has what it continues.</param>
/// <param name="producer">What made the items that are new; null if that is not known.</param>
internal sealed class ItemResolver(
    ThreadConversation conversation,
    ItemSightings sightings,
    IRewritePolicy policy,
    Sighting sighting,
    IdList history,
    IdList begun,
    ConversationProducer? producer)
{
    private readonly HistoryMatcher matcher = new(conversation, sightings.SameItem, history);
    private NameLinks? links;

    /// <summary>The list so far.</summary>
    public IdList Items { get; private set; } = begun;

    /// <summary>The next item of a history that may only grow: the one at its place, which must say the same, or a new one behind the end.</summary>
    public string AtPlace(ItemContent content)
    {
        content = Linked(content);
        var index = Items.Count;
        if (SameAtPlace(content, appendsOnly: true) is { } id)
        {
            return Take(id, content);
        }

        if (index < history.Count)
        {
            policy.Rewritten(sightings.Item(history[index]), index, sighting.Payload.RawPayloadId);
        }

        return Take(id: null, content);
    }

    /// <summary>The next item of a history that may be edited: the one at its place if it says the same, else the first that does and is left.</summary>
    public string AtPlaceOrAnywhere(ItemContent content)
    {
        content = Linked(content);
        return Take(SameAtPlace(content) ?? matcher.FirstUnused(content, Items), content);
    }

    /// <summary>The next item of a list in an order of its own: the first that says the same and is left.</summary>
    public string Anywhere(ItemContent content)
    {
        content = Linked(content);
        return Take(matcher.FirstUnused(content, Items), content);
    }

    /// <summary>
    /// The next items up to the number <paramref name="through"/> of the list are those at their places, and look as they did
    /// when they were last seen.
    /// </summary>
    public void Repeat(int through)
    {
        sightings.Repeat(history, Items.Count, through);
        if (history.StartsWith(Items))
        {
            for (var i = Items.Count; matcher.IsTracking && i < through; i++)
            {
                matcher.Use(history[i]);
            }

            Items = history.Take(through);
            return;
        }

        while (Items.Count < through)
        {
            matcher.Use(history[Items.Count]);
            Items = Items.Append(history[Items.Count]);
        }
    }

    /// <summary>
    /// The next items are those of some entries that stood elsewhere in the history and look as they did when they were last seen, as far as
    /// that is without doubt: nothing else says the same as one of them, and each stands in this list once.
    /// </summary>
    /// <param name="items">The beginning of the history.</param>
    /// <param name="entries">The entries that stood for them.</param>
    /// <param name="first">The first of the entries.</param>
    /// <param name="end">Behind the last.</param>
    /// <returns>How many entries that are, from the first on.</returns>
    public int RepeatElsewhere(IdList items, InputEntries entries, int first, int end)
    {
        var start = entries.ItemsBefore(first);
        var undoubted = start;
        var most = entries.ItemsBefore(end);
        while (undoubted < most && !conversation.IsDoubled(items[undoubted]) && matcher.TryUse(items[undoubted], Items))
        {
            undoubted++;
        }

        // An entry stands for all of its items or is read again.
        var count = Math.Max(0, entries.CountThrough(undoubted, end) - first);
        var through = count == 0 ? start : entries.ItemsThrough(first + count - 1);
        for (var i = through; i < undoubted; i++)
        {
            matcher.Release(items[i]);
        }

        Items = Items.Append(items, start, through);
        sightings.Repeat(items, start, through);
        return count;
    }

    private ItemContent Linked(ItemContent content) =>
        content.LinkName is null ? content : (links ??= sightings.LinkByName(sighting.ThreadId, history)).Link(content, Items);

    private string? SameAtPlace(ItemContent content, bool appendsOnly = false) =>
        Items.Count < history.Count && sightings.IsSame(history[Items.Count], content, appendsOnly) ? history[Items.Count] : null;

    private string Take(string? id, ItemContent content)
    {
        if (id is null)
        {
            id = sightings.Create(sighting, content, producer, inPlaceOf: Items.Count < history.Count ? history[Items.Count] : null);
        }
        else
        {
            sightings.SeeAgain(sighting, id, content);
        }

        matcher.Use(id);
        Items = Items.Append(id);
        return id;
    }
}

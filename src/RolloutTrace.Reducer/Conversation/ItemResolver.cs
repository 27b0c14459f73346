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
    private const int MostBehind = 8;

    private readonly HistoryMatcher matcher = new(conversation, sightings.SameItem, history);
    private NameLinks? links;
    private IdList items = begun;

    // What has been recognised and is not in the list yet: the next items of the history, or else those that are gathered.
    private int pending;
    private bool isInPlace;

    /// <summary>The list so far.</summary>
    public IdList Items
    {
        get
        {
            Settle();
            return items;
        }
    }

    /// <summary>How many items the list has so far.</summary>
    public int Count => items.Count + pending;

    /// <summary>The next item of a history that may only grow: the one at its place, which must say the same, or a new one behind the end.</summary>
    public string AtPlace(ItemContent content)
    {
        content = Linked(content);
        var index = Count;
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
        return Take(SameAtPlace(content) ?? matcher.FirstUnused(content, this), content);
    }

    /// <summary>The next item of a list in an order of its own: the first that says the same and is left.</summary>
    public string Anywhere(ItemContent content)
    {
        content = Linked(content);
        return Take(matcher.FirstUnused(content, this), content);
    }

    /// <summary>
    /// The next items up to the number <paramref name="through"/> of the list are those at their places, and look as they did
    /// when they were last seen.
    /// </summary>
    public void Repeat(int through)
    {
        for (var i = Count; matcher.IsTracking && i < through; i++)
        {
            matcher.Use(history.Numbers[i]);
        }

        Expect(inPlace: true, through - Count);
        pending = through - items.Count;
    }

    /// <summary>
    /// The next items are some that an entry stood for when it was last seen, as far as that is without doubt: each is the one at its place
    /// in the history, or nothing else says the same, and it is in the history and not in this list.
    /// </summary>
    /// <param name="known">A list of items.</param>
    /// <param name="start">The first of the items in it.</param>
    /// <param name="end">Behind the last.</param>
    /// <returns>False if it is not without doubt; then the list is as it was.</returns>
    public bool TryRepeat(IdList known, int start, int end)
    {
        if (end - start == 1)
        {
            var number = known.Numbers[start];
            var isNext = IsAt(Count, number);
            if (!isNext && !matcher.TryUse(number, this))
            {
                return false;
            }

            if (isNext)
            {
                matcher.Use(number);
            }

            Gather(number, isNext);
            return true;
        }

        return TryRepeatAll(known, start, end);
    }

    /// <summary>The next item says what an item says that was seen before: as <see cref="AtPlaceOrAnywhere"/>, if one is found.</summary>
    /// <returns>False if none is found; then the list is as it was.</returns>
    public bool TryFind(ItemContent content)
    {
        if ((SameAtPlace(content) ?? matcher.FirstUnused(content, this)) is not { } id)
        {
            return false;
        }

        Take(id, content);
        return true;
    }

    private bool TryRepeatAll(IdList known, int start, int end)
    {
        // An entry stands for all of its items or is read again. What is in its place may have been used before, and is not released.
        var through = start;
        var numbers = known.Numbers;
        var taken = new List<int>(end - start);
        for (; through < end && (IsAt(Count + through - start, numbers[through]) || matcher.TryUse(numbers[through], this)); through++)
        {
            if (!IsAt(Count + through - start, numbers[through]))
            {
                taken.Add(numbers[through]);
            }
        }

        if (through < end)
        {
            foreach (var number in taken)
            {
                matcher.Release(number);
            }

            return false;
        }

        for (var i = start; i < end; i++)
        {
            matcher.Use(numbers[i]);
            Gather(numbers[i], IsAt(Count, numbers[i]));
        }

        return true;
    }

    // A list that is edited is mostly as long as before, and has a response behind it.
    private int Room => Math.Max(0, history.Count - items.Count) + MostBehind;

    private bool IsAt(int place, int number) =>
        history.Numbers is var numbers && place < numbers.Length && numbers[place] == number;

    private void Gather(int number, bool inPlace)
    {
        Expect(inPlace, 1);
        if (!inPlace)
        {
            sightings.Gather(pending, number);
        }

        pending++;
    }

    private void Expect(bool inPlace, int count)
    {
        if (count > 0 && isInPlace != inPlace)
        {
            Settle();
            isInPlace = inPlace;
        }
    }

    private void Settle()
    {
        if (pending == 0)
        {
            return;
        }

        var (from, through) = (items.Count, items.Count + pending);
        items = !isInPlace ? items.Append(sightings.Gathered(pending), Room)
            : history.StartsWith(items) ? history.Take(through)
            : items.Append(history.Numbers[from..through], Room);
        pending = 0;
        sightings.Repeat(items, from, through);
    }

    private ItemContent Linked(ItemContent content) =>
        content.LinkName is null ? content : (links ??= sightings.LinkByName(sighting.ThreadId, history)).Link(content, Items);

    private string? SameAtPlace(ItemContent content, bool appendsOnly = false) =>
        Count < history.Count && sightings.IsSame(history[Count], content, appendsOnly) ? history[Count] : null;

    private string Take(string? id, ItemContent content)
    {
        Settle();
        if (id is null)
        {
            id = sightings.Create(sighting, content, producer, inPlaceOf: Count < history.Count ? history[Count] : null);
        }
        else
        {
            sightings.SeeAgain(sighting, id, content);
        }

        var number = ItemIds.NumberOf(id);
        matcher.Use(number);
        items = IsAt(Count, number) && history.StartsWith(items) ? history.Take(Count + 1) : items.Append([number], Room);
        return id;
    }
}

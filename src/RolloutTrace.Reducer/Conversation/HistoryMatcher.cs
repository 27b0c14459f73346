using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>
/// Finds, for the items of one request or checkpoint, the same items in the history before it, each at most once.
/// What it needs for that is only made when an item looks like one that was seen before.
/// </summary>
internal sealed class HistoryMatcher(ThreadConversation conversation, SameItem sameItem, IdList history)
{
    // How far behind the last item that was found the next is looked for before all are placed.
    private const int Near = 16;

    private readonly ItemMarks marks = conversation.Marks;
    private readonly ItemNumbers numbers = conversation.Marks.Numbers;
    private readonly int owner = conversation.Marks.NewOwner();
    private Dictionary<ItemContent, Queue<string>>? candidates;
    private bool arePlaced;
    private int next;

    /// <summary>The first item in the history that says the same and is not used yet; null if there is none.</summary>
    /// <param name="content">What to look for.</param>
    /// <param name="so">Has what this request has resolved to, of which the matcher was not told.</param>
    public string? FirstUnused(ItemContent content, ItemResolver so)
    {
        if (conversation.ByContent.Find(content) is not { } same)
        {
            return null;
        }

        Track(so);
        if (same.Count == 1)
        {
            var only = ObjectIds.NumberOf(same[0]);
            return !marks.IsUsed(only, owner) && IsInHistory(same[0], only) ? same[0] : null;
        }

        candidates ??= new Dictionary<ItemContent, Queue<string>>(sameItem);
        if (!candidates.TryGetValue(content, out var queue))
        {
            PlaceAll();
            queue = new Queue<string>(same.Where(id => PlaceOf(id) >= 0).OrderBy(PlaceOf));
            candidates.Add(content, queue);
        }

        while (queue.TryPeek(out var id) && marks.IsUsed(ObjectIds.NumberOf(id), owner))
        {
            queue.Dequeue();
        }

        return queue.TryPeek(out var first) ? first : null;
    }

    /// <summary>The request resolves to an item, if that is in the history, nothing else says the same, and it did not before.</summary>
    /// <param name="list">A list with the item.</param>
    /// <param name="index">Where in it.</param>
    /// <param name="so">Has what this request has resolved to, of which the matcher was not told.</param>
    public bool TryUse(IdList list, int index, ItemResolver so)
    {
        var (itemId, number) = (list[index], numbers.Of(list, index));
        if (marks.IsDoubled(number))
        {
            return false;
        }

        Track(so);
        if (marks.IsUsed(number, owner) || !IsInHistory(itemId, number))
        {
            return false;
        }

        marks.Use(number, owner);
        return true;
    }

    /// <summary>The request does not resolve to an item after all.</summary>
    public void Release(string itemId) => marks.Use(ObjectIds.NumberOf(itemId), owner: 0);

    /// <summary>Whether the matcher has begun to look at what is used.</summary>
    public bool IsTracking { get; private set; }

    /// <summary>The request has resolved to an item.</summary>
    public void Use(string itemId)
    {
        if (IsTracking)
        {
            marks.Use(ObjectIds.NumberOf(itemId), owner);
        }
    }

    private void Track(ItemResolver so)
    {
        if (!IsTracking)
        {
            IsTracking = true;
            foreach (var id in so.Items.Span)
            {
                marks.Use(ObjectIds.NumberOf(id), owner);
            }
        }
    }

    // What is left out of a history is mostly left out in one place, and the rest is in order.
    private bool IsInHistory(string itemId, int number)
    {
        var ids = history.Span;
        var end = arePlaced ? next + 1 : next + Near;
        for (var i = next; i < end && i < ids.Length; i++)
        {
            if (ReferenceEquals(ids[i], itemId))
            {
                next = i + 1;
                return true;
            }
        }

        PlaceAll();
        var place = marks.PlaceOf(number, owner);
        if (place >= 0)
        {
            next = place + 1;
        }

        return place >= 0;
    }

    private int PlaceOf(string id) => marks.PlaceOf(ObjectIds.NumberOf(id), owner);

    private void PlaceAll()
    {
        if (arePlaced)
        {
            return;
        }

        arePlaced = true;
        for (var i = 0; i < history.Count; i++)
        {
            marks.Place(numbers.Of(history, i), owner, i);
        }
    }
}

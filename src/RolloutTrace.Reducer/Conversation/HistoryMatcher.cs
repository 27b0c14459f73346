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
            return !marks.IsUsed(only, owner) && IsInHistory(only) ? same[0] : null;
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
    /// <param name="number">The item's number.</param>
    /// <param name="so">Has what this request has resolved to, of which the matcher was not told.</param>
    public bool TryUse(int number, ItemResolver so)
    {
        if (marks.IsDoubled(number))
        {
            return false;
        }

        Track(so);
        if (marks.IsUsed(number, owner) || !IsInHistory(number))
        {
            return false;
        }

        marks.Use(number, owner);
        return true;
    }

    /// <summary>The request does not resolve to an item after all.</summary>
    public void Release(int number) => marks.Use(number, owner: 0);

    /// <summary>Whether the matcher has begun to look at what is used.</summary>
    public bool IsTracking { get; private set; }

    /// <summary>The request has resolved to an item.</summary>
    public void Use(int number)
    {
        if (IsTracking)
        {
            marks.Use(number, owner);
        }
    }

    private void Track(ItemResolver so)
    {
        if (!IsTracking)
        {
            IsTracking = true;
            foreach (var number in so.Items.Numbers)
            {
                marks.Use(number, owner);
            }
        }
    }

    // What is left out of a history is mostly left out in one place, and the rest is in order.
    private bool IsInHistory(int number)
    {
        var numbers = history.Numbers;
        var end = Math.Min(arePlaced ? next + 1 : next + Near, numbers.Length);
        if (next < end && numbers[next..end].IndexOf(number) is >= 0 and var behind)
        {
            next += behind + 1;
            return true;
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
        var numbers = history.Numbers;
        for (var i = 0; i < numbers.Length; i++)
        {
            marks.Place(numbers[i], owner, i);
        }
    }
}

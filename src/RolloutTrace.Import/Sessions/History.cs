namespace RolloutTrace.Import.Sessions;

/// <summary>
/// What a conversation holds up to a point. Later points share what came before, so that all points of a session together take
/// as much as its items, and two points are compared by what they do not share.
/// </summary>
internal sealed class History
{
    private readonly History? before;
    private readonly HistoryItem? item;
    private bool isShown;

    private History()
    {
        isShown = true;
    }

    private History(History before, HistoryItem item)
    {
        this.before = before;
        this.item = item;
        Count = before.Count + 1;
        Bytes = before.Bytes + item.Length;
        RefersToPayload = before.RefersToPayload || item.RefersToPayload;
    }

    /// <summary>Nothing yet.</summary>
    public static History None { get; } = new();

    /// <summary>How many items it has.</summary>
    public int Count { get; }

    /// <summary>The size of all items.</summary>
    public long Bytes { get; }

    /// <summary>Whether any item refers to a payload.</summary>
    public bool RefersToPayload { get; }

    /// <summary>The history with one item more.</summary>
    public History With(HistoryItem next) => new(this, next);

    /// <summary>The history with more items.</summary>
    public History With(IEnumerable<HistoryItem> next) => next.Aggregate(this, static (history, item) => new History(history, item));

    /// <summary>The items behind the first ones, in order.</summary>
    /// <param name="count">How many are passed over.</param>
    public IReadOnlyList<HistoryItem> Behind(int count)
    {
        var items = new HistoryItem[Math.Max(0, Count - count)];
        var at = this;
        for (var i = items.Length - 1; i >= 0; i--)
        {
            items[i] = at.item!;
            at = at.before!;
        }

        return items;
    }

    /// <summary>Whether another history begins with all of this one.</summary>
    public bool IsBeginningOf(History other)
    {
        if (Count > other.Count)
        {
            return false;
        }

        while (other.Count > Count)
        {
            other = other.before!;
        }

        var own = this;
        while (own != other)
        {
            if (own.item != other.item)
            {
                return false;
            }

            (own, other) = (own.before!, other.before!);
        }

        return true;
    }

    /// <summary>The items behind an earlier point, in order, that have not been written.</summary>
    public IReadOnlyList<HistoryItem> NotShown(History behind)
    {
        var items = new List<HistoryItem>();
        for (var at = this; at != behind && !at.isShown; at = at.before!)
        {
            if (!at.item!.IsShown)
            {
                items.Add(at.item);
            }
        }

        items.Reverse();
        return items;
    }

    /// <summary>Notes that all of it has been written.</summary>
    public void Show()
    {
        for (var at = this; !at.isShown; at = at.before!)
        {
            at.isShown = true;
            at.item!.IsShown = true;
        }
    }
}

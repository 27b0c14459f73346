namespace RolloutTrace.Reducer.Conversation;

/// <summary>
/// Finds, for the items of one request or checkpoint, the same items in the history before it, each at most once.
/// What it needs for that is only built when an item looks like one that was seen before.
/// </summary>
internal sealed class HistoryMatcher(ThreadConversation conversation, SameItem sameItem, IdList history)
{
    private readonly Dictionary<ItemContent, Queue<string>> candidates = new(sameItem);
    private Dictionary<string, int>? firstPositions;
    private HashSet<string>? used;

    /// <summary>The first item in the history that says the same and is not used yet; null if there is none.</summary>
    /// <param name="content">What to look for.</param>
    /// <param name="usedSoFar">The items that this request has resolved to, of which the matcher was not told.</param>
    public string? FirstUnused(ItemContent content, IdList usedSoFar)
    {
        if (conversation.ByContent.Find(content) is not { } same)
        {
            return null;
        }

        Track(usedSoFar);
        if (!candidates.TryGetValue(content, out var queue))
        {
            queue = new Queue<string>(same.Where(Positions().ContainsKey).OrderBy(id => Positions()[id]));
            candidates.Add(content, queue);
        }

        while (queue.TryPeek(out var id) && used!.Contains(id))
        {
            queue.Dequeue();
        }

        return queue.TryPeek(out var first) ? first : null;
    }

    /// <summary>The request resolves to an item, unless it did before.</summary>
    /// <param name="itemId">The item.</param>
    /// <param name="usedSoFar">The items that this request has resolved to, of which the matcher was not told.</param>
    public bool TryUse(string itemId, IdList usedSoFar)
    {
        Track(usedSoFar);
        return used!.Add(itemId);
    }

    /// <summary>The request does not resolve to an item after all.</summary>
    public void Release(string itemId) => used?.Remove(itemId);

    /// <summary>Whether the matcher has begun to look at what is used.</summary>
    public bool IsTracking => used is not null;

    /// <summary>The request has resolved to an item.</summary>
    public void Use(string itemId) => used?.Add(itemId);

    private void Track(IdList usedSoFar) => used ??= [.. usedSoFar];

    private Dictionary<string, int> Positions()
    {
        if (firstPositions is null)
        {
            firstPositions = new Dictionary<string, int>(history.Count, StringComparer.Ordinal);
            for (var i = 0; i < history.Count; i++)
            {
                firstPositions.TryAdd(history[i], i);
            }
        }

        return firstPositions;
    }
}

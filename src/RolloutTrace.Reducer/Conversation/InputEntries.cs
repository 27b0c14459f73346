namespace RolloutTrace.Reducer.Conversation;

/// <summary>
/// The entries of a request's input list: where each lies, and what became of it. Kept as lists of integers, for
/// which compiled code ships with the runtime; lists of a type of our own would be compiled anew at every start.
/// </summary>
internal sealed class InputEntries
{
    private readonly List<int> starts = [];
    private readonly List<int> ends = [];
    private readonly List<int> itemsThrough = [];
    private readonly List<int> comparedByPayload = [];

    public int Count => starts.Count;

    /// <summary>Where an entry's bytes begin, from the list's opening bracket.</summary>
    public int Start(int index) => starts[index];

    /// <summary>Where an entry's bytes end.</summary>
    public int End(int index) => ends[index];

    /// <summary>How many items the list has through an entry; entries that do not count make the difference.</summary>
    public int ItemsThrough(int index) => itemsThrough[index];

    public void Add(int start, int end)
    {
        starts.Add(start);
        ends.Add(end);
    }

    /// <summary>Notes of the next entry, in order, what became of it.</summary>
    /// <param name="through">How many items the list has through it.</param>
    /// <param name="byPayload">Whether it refers to its payload, so that equal bytes are not enough to know it again.</param>
    public void Resolve(int through, bool byPayload)
    {
        if (byPayload)
        {
            comparedByPayload.Add(itemsThrough.Count);
        }

        itemsThrough.Add(through);
    }

    /// <summary>How many entries end within the first <paramref name="bytes"/> bytes of the list.</summary>
    public int CountWithin(int bytes)
    {
        var index = ends.BinarySearch(bytes);
        return index >= 0 ? index + 1 : ~index;
    }

    /// <summary>The first entry from an index on that is compared by its payload, but at most <paramref name="end"/>.</summary>
    public int NextComparedByPayload(int index, int end)
    {
        var next = comparedByPayload.BinarySearch(index);
        next = next >= 0 ? next : ~next;
        return next < comparedByPayload.Count ? Math.Min(comparedByPayload[next], end) : end;
    }

    /// <summary>Keeps the first <paramref name="kept"/> entries and puts the others' behind them.</summary>
    public void Replace(int kept, InputEntries others)
    {
        starts.RemoveRange(kept, starts.Count - kept);
        ends.RemoveRange(kept, ends.Count - kept);
        itemsThrough.RemoveRange(kept, itemsThrough.Count - kept);
        comparedByPayload.RemoveAll(index => index >= kept);
        starts.AddRange(others.starts);
        ends.AddRange(others.ends);
        itemsThrough.AddRange(others.itemsThrough);
        foreach (var index in others.comparedByPayload)
        {
            comparedByPayload.Add(kept + index);
        }
    }

    public void Clear() => Replace(0, new InputEntries());
}

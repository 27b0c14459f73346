namespace RolloutTrace.Reducer.Conversation;

/// <summary>
/// The entries of a request's input list: where each lies, and what became of it. Kept as lists of integers, for
/// which compiled code ships with the runtime; lists of a type of our own would be compiled anew at every start.
/// </summary>
internal sealed class InputEntries
{
    // A run is looked at again where it was broken off, so it may not be any length.
    private const int LongestRun = 1024;

    private readonly List<int> starts = [];
    private readonly List<int> ends = [];
    private readonly List<int> knownAs = [];
    private readonly List<int> itemsThrough = [];
    private readonly List<int> comparedByPayload = [];

    public int Count => starts.Count;

    /// <summary>Where an entry's bytes begin, from the list's opening bracket.</summary>
    public int Start(int index) => starts[index];

    /// <summary>Where an entry's bytes end.</summary>
    public int End(int index) => ends[index];

    /// <summary>How many items the list has through an entry; entries that do not count make the difference.</summary>
    public int ItemsThrough(int index) => itemsThrough[index];

    /// <summary>How many items the list has before an entry.</summary>
    public int ItemsBefore(int index) => index == 0 ? 0 : itemsThrough[index - 1];

    /// <summary>How many entries, of the first <paramref name="most"/>, have no item behind the first <paramref name="items"/> of the list.</summary>
    public int CountThrough(int items, int most)
    {
        var index = itemsThrough.BinarySearch(0, most, items, comparer: null);
        if (index < 0)
        {
            return ~index;
        }

        // Entries without an item of their own have the same count.
        while (index + 1 < most && itemsThrough[index + 1] == items)
        {
            index++;
        }

        return index + 1;
    }

    /// <summary>The entry of the last request that has the same bytes; -1 if there is none.</summary>
    public int KnownAs(int index) => knownAs[index];

    /// <summary>How many entries from one on are known as entries that followed each other in the last request.</summary>
    public int RunLength(int index)
    {
        var end = index + 1;
        while (end < knownAs.Count && end - index < LongestRun && knownAs[end] == knownAs[end - 1] + 1)
        {
            end++;
        }

        return end - index;
    }

    /// <summary>Adds an entry.</summary>
    /// <param name="start">Where its bytes begin.</param>
    /// <param name="end">Where they end.</param>
    /// <param name="known">The entry of the last request that has the same bytes; -1 for none.</param>
    public void Add(int start, int end, int known = -1)
    {
        starts.Add(start);
        ends.Add(end);
        knownAs.Add(known);
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
        knownAs.RemoveRange(kept, knownAs.Count - kept);
        itemsThrough.RemoveRange(kept, itemsThrough.Count - kept);
        comparedByPayload.RemoveAll(index => index >= kept);
        starts.AddRange(others.starts);
        ends.AddRange(others.ends);
        knownAs.AddRange(others.knownAs);
        itemsThrough.AddRange(others.itemsThrough);
        foreach (var index in others.comparedByPayload)
        {
            comparedByPayload.Add(kept + index);
        }
    }

    public void Clear() => Replace(0, new InputEntries());
}

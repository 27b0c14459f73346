namespace RolloutTrace.Reducer.Conversation;

/// <summary>
/// The entries of a request's input list: where each lies, by what it is found again, and what became of it. Kept as arrays of integers,
/// for which compiled code ships with the runtime; lists of a type of our own would be compiled anew at every start.
/// </summary>
internal sealed class InputEntries
{
    private const int InitialCapacity = 64;

    private readonly List<int> comparedByPayload = [];
    private int[] starts = new int[InitialCapacity];
    private int[] ends = new int[InitialCapacity];
    private int[] knownAs = new int[InitialCapacity];
    private int[] itemsThrough = new int[InitialCapacity];
    private long[] keys = new long[InitialCapacity];
    private int[] loose = new int[InitialCapacity * 2];
    private bool[] isLoose = new bool[InitialCapacity];
    private bool[] isPlain = new bool[InitialCapacity];
    private int resolved;

    public int Count { get; private set; }

    /// <summary>Where an entry's bytes begin, from the list's opening bracket.</summary>
    public int Start(int index) => starts[index];

    /// <summary>Where an entry's bytes end.</summary>
    public int End(int index) => ends[index];

    /// <summary>How many items the list has through an entry; entries that do not count make the difference.</summary>
    public int ItemsThrough(int index) => itemsThrough[index];

    /// <summary>How many items the list has before an entry.</summary>
    public int ItemsBefore(int index) => index == 0 ? 0 : itemsThrough[index - 1];

    /// <summary>The entry of the last request that says the same; -1 if none is known.</summary>
    public int KnownAs(int index) => knownAs[index];

    /// <summary>A hash of the entry's bytes, by which it is looked for.</summary>
    public long Key(int index) => keys[index];

    /// <summary>Where in the entry that part of it is that the key leaves out; empty where it leaves out nothing.</summary>
    public Range Left(int index) => loose[2 * index]..loose[(2 * index) + 1];

    /// <summary>Whether the part that the key leaves out says nothing, so that another entry may have something else there.</summary>
    public bool IsLoose(int index) => isLoose[index];

    /// <summary>Whether an entry stands for its items by what it says alone: another that says the same stands for the same, in whatever payload and place.</summary>
    public bool IsPlain(int index) => isPlain[index];

    /// <summary>Adds an entry that is found by its key.</summary>
    /// <param name="start">Where its bytes begin.</param>
    /// <param name="end">Where they end.</param>
    /// <param name="known">The entry of the last request that says the same; -1 for none.</param>
    /// <param name="key">Its key.</param>
    /// <param name="left">What of it the key leaves out.</param>
    /// <param name="isLeftLoose">Whether that says nothing.</param>
    public void Add(int start, int end, int known = -1, long key = 0, Range left = default, bool isLeftLoose = false)
    {
        if (Count == starts.Length)
        {
            Grow(2 * Count);
        }

        starts[Count] = start;
        ends[Count] = end;
        knownAs[Count] = known;
        keys[Count] = key;
        loose[2 * Count] = left.Start.Value;
        loose[(2 * Count) + 1] = left.End.Value;
        isLoose[Count] = isLeftLoose;
        Count++;
    }

    /// <summary>Adds entries that have the bytes of those of the last request, and what stands between them.</summary>
    /// <param name="others">The entries of the last request.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    /// <param name="start">Where the first stands in this list.</param>
    public void AddRun(InputEntries others, int first, int count, int start)
    {
        if (Count + count > starts.Length)
        {
            Grow(Math.Max(2 * starts.Length, Count + count));
        }

        var step = start - others.starts[first];
        for (var i = 0; i < count; i++)
        {
            starts[Count + i] = others.starts[first + i] + step;
            ends[Count + i] = others.ends[first + i] + step;
            knownAs[Count + i] = first + i;
        }

        Array.Copy(others.keys, first, keys, Count, count);
        Array.Copy(others.loose, 2 * first, loose, 2 * Count, 2 * count);
        Array.Copy(others.isLoose, first, isLoose, Count, count);
        Count += count;
    }

    /// <summary>Notes of the next entry, in order, what became of it.</summary>
    /// <param name="through">How many items the list has through it.</param>
    /// <param name="byPayload">Whether it refers to its payload, so that equal bytes are not enough to know it again.</param>
    /// <param name="plain">Whether what it says is enough to know it again anywhere.</param>
    public void Resolve(int through, bool byPayload, bool plain = true)
    {
        if (byPayload)
        {
            comparedByPayload.Add(resolved);
        }

        isPlain[resolved] = plain && !byPayload;
        itemsThrough[resolved++] = through;
    }

    /// <summary>What the key of an entry leaves out says nothing.</summary>
    public void NoteLoose(int index) => isLoose[index] = true;

    /// <summary>How many entries end within the first <paramref name="bytes"/> bytes of the list.</summary>
    public int CountWithin(int bytes)
    {
        var index = Array.BinarySearch(ends, 0, Count, bytes);
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
        while (comparedByPayload.Count > 0 && comparedByPayload[^1] >= kept)
        {
            comparedByPayload.RemoveAt(comparedByPayload.Count - 1);
        }

        Count = resolved = kept;
        if (kept + others.Count > starts.Length)
        {
            Grow(Math.Max(2 * starts.Length, kept + others.Count));
        }

        Array.Copy(others.starts, 0, starts, kept, others.Count);
        Array.Copy(others.ends, 0, ends, kept, others.Count);
        Array.Copy(others.knownAs, 0, knownAs, kept, others.Count);
        Array.Copy(others.itemsThrough, 0, itemsThrough, kept, others.Count);
        Array.Copy(others.keys, 0, keys, kept, others.Count);
        Array.Copy(others.loose, 0, loose, 2 * kept, 2 * others.Count);
        Array.Copy(others.isLoose, 0, isLoose, kept, others.Count);
        Array.Copy(others.isPlain, 0, isPlain, kept, others.Count);
        Count += others.Count;
        resolved += others.resolved;
        foreach (var index in others.comparedByPayload)
        {
            comparedByPayload.Add(kept + index);
        }
    }

    public void Clear()
    {
        Count = resolved = 0;
        comparedByPayload.Clear();
    }

    private void Grow(int capacity)
    {
        Array.Resize(ref starts, capacity);
        Array.Resize(ref ends, capacity);
        Array.Resize(ref knownAs, capacity);
        Array.Resize(ref itemsThrough, capacity);
        Array.Resize(ref keys, capacity);
        Array.Resize(ref loose, 2 * capacity);
        Array.Resize(ref isLoose, capacity);
        Array.Resize(ref isPlain, capacity);
    }
}

namespace RolloutTrace.Reducer.Conversation;

/// <summary>
/// Finds the entries of one request's input in the input of another, by their bytes: what is the same, wherever it stands, was read
/// before. What is found is whole JSON, since it was when it was read.
/// </summary>
/// <param name="input">The input, brackets included.</param>
/// <param name="entries">Where its entries lie.</param>
internal sealed class KnownEntries(ReadOnlyMemory<byte> input, InputEntries entries)
{
    private int[]? buckets;
    private int[] nextInBucket = [];
    private int[] hashes = [];
    private HashSet<int>? lengths;

    /// <summary>Of no request at all.</summary>
    public static KnownEntries None { get; } = new(default, new InputEntries());

    /// <summary>How many entries in a row, from one on, stand in another input.</summary>
    /// <param name="other">The other input, from its opening bracket on.</param>
    /// <param name="at">Where in it; 0 to compare from the brackets on.</param>
    /// <param name="first">The first of the entries.</param>
    public int Run(ReadOnlySpan<byte> other, int at, int first)
    {
        if (first >= entries.Count)
        {
            return 0;
        }

        var from = at == 0 ? 0 : entries.Start(first);
        var same = from + other[at..].CommonPrefixLength(input.Span[from..]);
        var end = entries.CountWithin(same);

        // A number may go on behind what is the same.
        if (end > first && entries.End(end - 1) == same && !IsDelimited(input.Span[same - 1]))
        {
            end--;
        }

        return Math.Max(0, end - first);
    }

    /// <summary>Where the next entry begins behind the one that ends at an offset; -1 where there is none, or something else.</summary>
    public int StartOfNext(ReadOnlySpan<byte> other, int end)
    {
        if (entries.Count == 0 || end >= other.Length)
        {
            return -1;
        }

        // At the beginning there is the bracket in the comma's place.
        var at = SkipSpace(other, end);
        return at < other.Length && other[at] == (end == 0 ? (byte)'[' : (byte)',') ? SkipSpace(other, at + 1) : -1;
    }

    /// <summary>How many entries there are.</summary>
    public int Count => entries.Count;

    /// <summary>What stands between two entries, with the last byte of one and the first of the other; empty if there are not two.</summary>
    public ReadOnlySpan<byte> Between => entries.Count < 2 ? [] : input.Span[(entries.End(0) - 1)..(entries.Start(1) + 1)];

    /// <summary>Whether an entry is of this length.</summary>
    public bool HasLength(int length)
    {
        if (lengths is null)
        {
            lengths = new HashSet<int>(entries.Count);
            for (var i = 0; i < entries.Count; i++)
            {
                lengths.Add(entries.End(i) - entries.Start(i));
            }
        }

        return lengths.Contains(length);
    }

    /// <summary>The entry that has these bytes, of equal ones the first; -1 for none, and for what is not delimited by itself.</summary>
    /// <param name="entry">The bytes.</param>
    /// <param name="isRare">Whether few are sought: those are found faster by their lengths than all are indexed.</param>
    public int Find(ReadOnlySpan<byte> entry, bool isRare) =>
        entries.Count == 0 || entry.IsEmpty || !IsDelimited(entry[^1]) ? -1
        : isRare ? FindByLength(entry)
        : FindByHash(entry);

    private static bool IsDelimited(byte last) => last is (byte)'}' or (byte)']' or (byte)'"';

    private static int SkipSpace(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            at++;
        }

        return at;
    }

    private static int Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = default(HashCode);
        hash.AddBytes(bytes);
        return hash.ToHashCode();
    }

    private ReadOnlySpan<byte> Bytes(int index) => input.Span[entries.Start(index)..entries.End(index)];

    private int FindByLength(ReadOnlySpan<byte> entry)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries.End(i) - entries.Start(i) == entry.Length && Bytes(i).SequenceEqual(entry))
            {
                return i;
            }
        }

        return -1;
    }

    private int FindByHash(ReadOnlySpan<byte> entry)
    {
        if (buckets is null)
        {
            MakeIndex();
        }

        var hash = Hash(entry);
        for (var i = buckets![(uint)hash % (uint)buckets.Length] - 1; i >= 0; i = nextInBucket[i] - 1)
        {
            if (hashes[i] == hash && Bytes(i).SequenceEqual(entry))
            {
                return i;
            }
        }

        return -1;
    }

    private void MakeIndex()
    {
        buckets = new int[entries.Count * 2];
        nextInBucket = new int[entries.Count];
        hashes = new int[entries.Count];

        // From the last to the first, so that of equal ones the first is found.
        for (var i = entries.Count - 1; i >= 0; i--)
        {
            hashes[i] = Hash(Bytes(i));
            ref var bucket = ref buckets[(uint)hashes[i] % (uint)buckets.Length];
            nextInBucket[i] = bucket;
            bucket = i + 1;
        }
    }
}

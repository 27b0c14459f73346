using RolloutTrace.Wire;

namespace RolloutTrace.Reducer.Reading;

/// <summary>
/// What another thread has found of the objects in a list: where each ends, and its key. That is what who walks the list would find there himself, so it holds
/// wherever the bytes are the same and is no more than a saving.
/// </summary>
internal sealed class FoundEntries
{
    // Who has more finds them himself.
    private const int MostEntries = 1 << 16;

    private int[] starts = new int[256];
    private int[] ends = new int[256];
    private int[] left = new int[512];
    private long[] keys = new long[256];
    private EntryKey key = EntryKey.OfAll;
    private int listStart;
    private int count;
    private int next;

    /// <summary>Finds the objects of a list up to where something else stands.</summary>
    /// <param name="text">What the list stands in.</param>
    /// <param name="listStart">Where it probably begins.</param>
    /// <param name="by">By what the objects are looked for.</param>
    public void Find(ReadOnlySpan<byte> text, int listStart, EntryKey by)
    {
        (this.listStart, key, count, next) = (listStart, by, 0, 0);
        var list = listStart < text.Length ? text[listStart..] : [];
        for (var at = StartOfNext(list, 0); at >= 0 && count < MostEntries && at < list.Length && list[at] == (byte)'{'; at = StartOfNext(list, ends[count - 1]))
        {
            var length = JsonContainer.Length(list[at..]);
            if (length == 0)
            {
                return;
            }

            Add(at, length, by.Of(list.Slice(at, length), out var without), without);
        }
    }

    /// <summary>The length of the object that begins at an offset of a list, and its key. They are asked for in order.</summary>
    /// <param name="list">Where the list begins.</param>
    /// <param name="start">Where in it.</param>
    /// <param name="by">By what the object is looked for.</param>
    /// <param name="found">Its key.</param>
    /// <param name="without">What of it the key leaves out.</param>
    /// <returns>0 if that was not found.</returns>
    public int LengthAt(int list, int start, EntryKey by, out long found, out Range without)
    {
        if (list == listStart && by == key)
        {
            while (next < count && starts[next] < start)
            {
                next++;
            }

            if (next < count && starts[next] == start)
            {
                found = keys[next];
                without = left[2 * next]..left[(2 * next) + 1];
                return ends[next] - start;
            }
        }

        (found, without) = (0, default);
        return 0;
    }

    /// <summary>Where the next entry begins behind the one that ends at an offset of a list; -1 where there is none, or something else.</summary>
    public static int StartOfNext(ReadOnlySpan<byte> list, int end)
    {
        if (end >= list.Length)
        {
            return -1;
        }

        // At the beginning there is the bracket in the comma's place.
        var at = SkipSpace(list, end);
        return at < list.Length && list[at] == (end == 0 ? (byte)'[' : (byte)',') ? SkipSpace(list, at + 1) : -1;
    }

    private static int SkipSpace(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            at++;
        }

        return at;
    }

    private void Add(int start, int length, long found, Range without)
    {
        if (count == starts.Length)
        {
            Array.Resize(ref starts, 2 * count);
            Array.Resize(ref ends, 2 * count);
            Array.Resize(ref left, 4 * count);
            Array.Resize(ref keys, 2 * count);
        }

        (starts[count], ends[count], keys[count]) = (start, start + length, found);
        (left[2 * count], left[(2 * count) + 1]) = (without.Start.Value, without.End.Value);
        count++;
    }
}

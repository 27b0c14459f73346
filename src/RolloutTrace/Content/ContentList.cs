using System.Text;

namespace RolloutTrace.Content;

/// <summary>
/// Lists of content within a limit of bytes. What does not fit goes by whole entries, as long as the newest entry fits; then by the
/// texts inside. What comes out is a valid list of valid entries.
/// </summary>
internal static class ContentList
{
    private const int Whole = int.MaxValue;
    private const int ShortestText = 16;

    // Nearer than this the search for the longest texts that fit does not go.
    private const int Precision = 64;

    // The brackets of a list, less the comma that the last entry does not have.
    private const int Frame = 1;

    private static readonly ContentValue Nothing = new("[]");

    /// <summary>Messages: the first ones that are the system's are kept and the newest, and the ones between go first.</summary>
    /// <param name="messages">The messages, oldest first.</param>
    /// <param name="leading">How many of the first are the system's.</param>
    /// <param name="limit">The most bytes that come out.</param>
    public static ContentValue OfMessages<T>(IReadOnlyList<T> messages, int leading, int limit)
        where T : IContentEntry
    {
        var head = new List<byte[]>();
        var room = (long)limit - Frame;
        for (var i = 0; i < leading && room >= 0; i++)
        {
            room -= Add(head, messages[i]);
        }

        var tail = new List<byte[]>();
        var next = messages.Count - 1;
        for (; next >= leading && room >= 0; next--)
        {
            var written = ContentWriter.Write(messages[next], Whole);
            if (written.Length + 1 > room)
            {
                break;
            }

            tail.Add(written);
            room -= written.Length + 1;
        }

        if (room < 0 || (tail.Count == 0 && messages.Count > leading))
        {
            return Shortened(messages, leading, limit);
        }

        tail.Reverse();
        var missing = 0L;
        for (var i = leading; i <= next; i++)
        {
            missing += messages[i].WireBytes;
        }

        return new ContentValue(ContentWriter.Join([.. head, .. tail]), next - leading + 1, missing);
    }

    /// <summary>Entries that all are to be kept, as short as that makes them; the last ones go where it does not help.</summary>
    public static ContentValue OfAll<T>(IReadOnlyList<T> entries, int limit)
        where T : IContentEntry
    {
        var kept = entries.Select(static entry => (IContentEntry)entry).ToList();
        return Shorten(kept, entries, limit, kept.Count == 0 ? 0 : Whole);
    }

    /// <summary>One value that is no list.</summary>
    public static ContentValue OfValue(IContentEntry value, int limit)
    {
        var whole = ContentWriter.Write(value, Whole);
        if (whole.Length <= limit)
        {
            return new ContentValue(Encoding.UTF8.GetString(whole));
        }

        var level = LevelThatFits([value], limit + Frame + 1);
        var json = level > 0 ? Encoding.UTF8.GetString(ContentWriter.Write(value, level)) : JsonCut.Cut(whole, limit);
        return new ContentValue(json, 0, Math.Max(whole.Length - Encoding.UTF8.GetByteCount(json), 1));
    }

    private static ContentValue Shortened<T>(IReadOnlyList<T> messages, int leading, int limit)
        where T : IContentEntry
    {
        var kept = messages.Take(leading).Select(static entry => (IContentEntry)entry).ToList();
        if (messages.Count > leading)
        {
            kept.Add(messages[^1]);
        }

        return Shorten(kept, messages, limit, level: 0, newestLast: true);
    }

    private static ContentValue Shorten<T>(List<IContentEntry> kept, IReadOnlyList<T> all, int limit, int level, bool newestLast = false)
        where T : IContentEntry
    {
        var full = FullBytes(all, kept);
        if (level == Whole && SizeOf(kept, Whole) is var whole && whole <= limit)
        {
            return new ContentValue(ContentWriter.Join(kept.ConvertAll(static entry => ContentWriter.Write(entry, Whole))));
        }

        while (kept.Count > 0)
        {
            if (LevelThatFits(kept, limit) is > 0 and var fitting)
            {
                var json = ContentWriter.Join(kept.ConvertAll(entry => ContentWriter.Write(entry, fitting)));
                return new ContentValue(json, all.Count - kept.Count, Math.Max(full - Encoding.UTF8.GetByteCount(json), 1));
            }

            Thin(kept, newestLast);
        }

        return all.Count == 0 ? Nothing : new ContentValue("[]", all.Count, Math.Max(full, 1));
    }

    private static void Thin(List<IContentEntry> kept, bool newestLast)
    {
        if (kept.Count > 1)
        {
            kept.RemoveAt(newestLast ? kept.Count - 2 : kept.Count - 1);
        }
        else if (kept[0].Thinned() is { } thinner)
        {
            kept[0] = thinner;
        }
        else
        {
            kept.Clear();
        }
    }

    private static long FullBytes<T>(IReadOnlyList<T> all, List<IContentEntry> kept)
        where T : IContentEntry
    {
        var bytes = 2L;
        foreach (var entry in all)
        {
            bytes += kept.Contains(entry) ? ContentWriter.Size(entry, Whole) + 1 : entry.WireBytes;
        }

        return bytes;
    }

    // The length to which texts must be cut; 0 if there is none that is enough.
    private static int LevelThatFits(List<IContentEntry> kept, int limit)
    {
        if (SizeOf(kept, ShortestText) > limit)
        {
            return 0;
        }

        var (low, high) = (ShortestText, Math.Max(limit, ShortestText));
        while (high - low > Precision)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = SizeOf(kept, middle) <= limit ? (middle, high) : (low, middle);
        }

        return low;
    }

    private static long SizeOf(List<IContentEntry> entries, int maxText) => Frame + entries.Sum(entry => (long)ContentWriter.Size(entry, maxText) + 1);

    private static int Add(List<byte[]> written, IContentEntry entry)
    {
        var bytes = ContentWriter.Write(entry, Whole);
        written.Add(bytes);
        return bytes.Length + 1;
    }
}

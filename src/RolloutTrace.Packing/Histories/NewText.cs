using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ZstdSharp.Unsafe;

namespace RolloutTrace.Packing;

/// <summary>
/// What is new in a stream that mostly repeats itself, each text once, with the place where the stream had it last. Finds in it what a further text says
/// again. Not safe for concurrent use.
/// </summary>
internal sealed class NewText
{
    /// <summary>The most bytes that are compressed at once.</summary>
    public const int MostAtOnce = 1 << 16;

    private const int FirstBytes = 1 << 14;
    private const int MostBytes = 1 << 20;
    private const int HashLog = 15;
    private const int LeastMatch = 6;

    // What a compressor for each text by itself takes to be repeated distances before it has seen one: they are not those of the stream.
    private const int NearestDistance = 9;

    // Where nothing is found, fewer places are looked at.
    private const int SkipLog = 6;

    private readonly long window;
    private readonly int[] places = new int[1 << HashLog];
    private List<Part> parts = [];
    private List<Part> moved = [];
    private byte[] text = new byte[FirstBytes];
    private int length;
    private int pendingFrom;
    private long streamEnd;

    /// <param name="window">How far back the stream may refer.</param>
    public NewText(long window)
    {
        this.window = window;
        places.AsSpan().Fill(-1);
    }

    /// <summary>What was added and not compressed yet.</summary>
    public ReadOnlySpan<byte> Pending => text.AsSpan(pendingFrom, length - pendingFrom);

    /// <summary>Adds the text with which the stream goes on, up to <see cref="MostAtOnce"/> in all.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        MakeRoom(bytes.Length);
        bytes.CopyTo(text.AsSpan(length));
        if (parts.Count > 0 && parts[^1] is var last && last.To == length && last.StreamAt(length) == streamEnd)
        {
            parts[^1] = last with { To = length + bytes.Length };
        }
        else
        {
            parts.Add(new Part(length, length + bytes.Length, streamEnd));
        }

        length += bytes.Length;
        streamEnd += bytes.Length;
    }

    /// <summary>The stream goes on with what it had before; nothing is pending.</summary>
    /// <param name="distance">How far back.</param>
    /// <param name="bytes">How many.</param>
    public void Repeat(long distance, int bytes)
    {
        var (from, to) = (streamEnd - distance, streamEnd - distance + bytes);
        streamEnd += bytes;
        foreach (var part in parts)
        {
            var (repeatedFrom, repeatedTo) = (part.Place(from), part.Place(to));
            if (repeatedFrom == repeatedTo)
            {
                AddMoved(part);
                continue;
            }

            AddMoved(part with { To = repeatedFrom });
            AddMoved(new Part(repeatedFrom, repeatedTo, part.StreamAt(repeatedFrom) + distance));
            AddMoved(new Part(repeatedTo, part.To, part.StreamAt(repeatedTo)));
        }

        (parts, moved) = (moved, parts);
        moved.Clear();
    }

    /// <summary>Finds what the pending text says again. It is not pending any more afterwards.</summary>
    /// <param name="found">Gets the matches.</param>
    public void Find(List<ZSTD_Sequence> found)
    {
        var toStream = streamEnd - length;
        var (end, limit) = (length, length - sizeof(ulong));
        var (at, literalsFrom) = (pendingFrom, pendingFrom);
        while (at <= limit)
        {
            ref var place = ref places[Hash(at)];
            var earlier = place;
            place = at;
            if (earlier < 0 || earlier >= at || !TryMatch(earlier, at, literalsFrom, toStream, out var match))
            {
                at += 1 + ((at - literalsFrom) >> SkipLog);
                continue;
            }

            found.Add(new ZSTD_Sequence { offset = (uint)match.Distance, litLength = (uint)(match.From - literalsFrom), matchLength = (uint)match.Length });
            literalsFrom = match.From + match.Length;
            Index(at + 2, limit);
            Index(literalsFrom - 2, limit);
            at = literalsFrom;
        }

        pendingFrom = end;
    }

    private bool TryMatch(int earlier, int at, int literalsFrom, long toStream, out (int From, int Length, long Distance) match)
    {
        match = default;
        var part = PartOf(earlier);
        if (part.To <= earlier || part.From > earlier)
        {
            return false;
        }

        var distance = at + toStream - part.StreamAt(earlier);
        var most = Math.Min(part.To - earlier, length - at);
        if (distance < NearestDistance || distance > window || most < LeastMatch)
        {
            return false;
        }

        var same = text.AsSpan(at, most).CommonPrefixLength(text.AsSpan(earlier, most));
        if (same < LeastMatch)
        {
            return false;
        }

        var before = 0;
        while (at - before > literalsFrom && earlier - before > part.From && text[at - before - 1] == text[earlier - before - 1])
        {
            before++;
        }

        match = (at - before, same + before, distance);
        return true;
    }

    private Part PartOf(int place)
    {
        var all = CollectionsMarshal.AsSpan(parts);
        var (low, high) = (0, all.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) >> 1;
            (low, high) = all[middle].From <= place ? (middle, high) : (low, middle - 1);
        }

        return all[low];
    }

    private void Index(int at, int limit)
    {
        if (at >= pendingFrom && at <= limit)
        {
            places[Hash(at)] = at;
        }
    }

    private int Hash(int at)
    {
        // Of six bytes.
        var word = Unsafe.ReadUnaligned<ulong>(ref text[at]) << 16;
        return (int)((word * 0x9E3779B97F4A7C15) >> (64 - HashLog));
    }

    // Unless it is too far back by now.
    private void AddMoved(Part part)
    {
        if (part.To > part.From && streamEnd - part.StreamAt(part.To) < window)
        {
            moved.Add(part);
        }
    }

    private void MakeRoom(int bytes)
    {
        if (text.Length - length >= bytes)
        {
            return;
        }

        if (text.Length < MostBytes)
        {
            Array.Resize(ref text, (int)Math.Min(MostBytes, BitOperations.RoundUpToPowerOf2((uint)(length + bytes))));
            if (text.Length - length >= bytes)
            {
                return;
            }
        }

        // The older half goes; what is pending is in the younger.
        var gone = length / 2;
        text.AsSpan(gone, length - gone).CopyTo(text);
        (length, pendingFrom) = (length - gone, pendingFrom - gone);
        foreach (ref var place in places.AsSpan())
        {
            place = place >= gone ? place - gone : -1;
        }

        parts.RemoveAll(part => part.To <= gone);
        foreach (ref var part in CollectionsMarshal.AsSpan(parts))
        {
            var cut = Math.Max(gone - part.From, 0);
            part = new Part(part.From + cut - gone, part.To - gone, part.StreamAt(part.From + cut));
        }
    }

    // So much of the text, and where the stream had it last.
    private readonly record struct Part(int From, int To, long At)
    {
        public long StreamAt(int place) => At + (place - From);

        // The place in it that is nearest to one of the stream.
        public int Place(long inStream) => From + (int)Math.Clamp(inStream - At, 0, To - From);
    }
}

using System.Buffers;

namespace RolloutTrace.Reducer.Reading;

/// <summary>
/// By what an entry of a request's input is looked for: a hash of its bytes but for what seems to be the value of one member in it, which need not be
/// at the root. It never changes, so that what one thread finds with it holds for another.
/// </summary>
internal sealed class EntryKey
{
    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789."u8);

    private readonly byte[] name;
    private readonly bool isLast;

    private EntryKey(byte[] name, bool isLast)
    {
        this.name = name;
        this.isLast = isLast;
    }

    /// <summary>The hash of all bytes.</summary>
    public static EntryKey OfAll { get; } = new([], isLast: false);

    /// <summary>The key that leaves out a member's value.</summary>
    /// <param name="name">The member's name with its quotation marks and the colon.</param>
    /// <param name="isLast">Whether it is the last of that name in the entry, and not the first.</param>
    public EntryKey But(ReadOnlySpan<byte> name, bool isLast) => isLast == this.isLast && name.SequenceEqual(this.name) ? this : new EntryKey(name.ToArray(), isLast);

    /// <summary>The key of an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="left">Where the value is that is left out, without its quotation marks; empty if there is none.</param>
    public long Of(ReadOnlySpan<byte> entry, out Range left)
    {
        left = default;
        var at = name.Length == 0 ? -1 : isLast ? entry.LastIndexOf(name) : entry.IndexOf(name);
        if (at < 0)
        {
            return ByteHash.Of(entry);
        }

        var start = at + name.Length;
        while (start < entry.Length && entry[start] == (byte)' ')
        {
            start++;
        }

        var isText = start < entry.Length && entry[start] == (byte)'"';
        start += isText ? 1 : 0;
        var length = LengthOf(entry[start..], isText);
        if (length < 0 || (length == 0 && !isText))
        {
            return ByteHash.Of(entry);
        }

        left = start..(start + length);
        return ByteHash.Of(entry[(start + length)..], ByteHash.Of(entry[..start]));
    }

    /// <summary>How long the value is that something begins with: a text up to its quotation mark, or digits; -1 if that has no end.</summary>
    public static int LengthOf(ReadOnlySpan<byte> value, bool isText) => isText ? value.IndexOf((byte)'"') : value.IndexOfAnyExcept(Digits);
}

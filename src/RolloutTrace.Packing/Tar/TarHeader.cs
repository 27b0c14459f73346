using System.Globalization;
using System.Text;

namespace RolloutTrace.Packing;

/// <summary>
/// Headers of tar files (ustar; a name that has no room there stands before it in a header of pax). The base class library's reader
/// and writer of tar are not used: that one takes any length that an extension says into memory, and this one must give the same bytes
/// whatever the runtime's version.
/// </summary>
internal static class TarHeader
{
    private const int MaxName = 100;
    private const int MaxPrefix = 155;
    private const int ChecksumAt = 148;
    private const int TypeAt = 156;
    private const int WrittenAtAt = 136;
    private const int PrefixAt = 345;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The blocks before an entry's content.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="writtenAt">The time that the entry gets, in seconds since the Unix epoch.</param>
    /// <exception cref="ArgumentException">The name is no text.</exception>
    public static byte[] Of(TarEntry entry, long writtenAt)
    {
        var name = Utf8.GetBytes(entry.Name);
        var type = entry.IsDirectory ? '5' : '0';
        if (name.Length <= MaxName)
        {
            return Block(name, [], type, entry.Length, writtenAt);
        }

        // Split at a slash, which is in neither part.
        var split = name.AsSpan(0, Math.Min(name.Length - 1, MaxPrefix + 1)).LastIndexOf((byte)'/');
        if (split > 0 && name.Length - split - 1 <= MaxName)
        {
            return Block(name.AsSpan(split + 1), name.AsSpan(0, split), type, entry.Length, writtenAt);
        }

        var record = Record(name);
        var padded = new byte[record.Length + TarEntry.Padding(record.Length)];
        record.CopyTo(padded, 0);
        return [.. Block("PaxHeader"u8, [], 'x', record.Length, writtenAt), .. padded, .. Block(name.AsSpan(0, MaxName), [], type, entry.Length, writtenAt)];
    }

    /// <summary>Whether a block is a header of a tar file, and not as they are written here: another program made it.</summary>
    public static bool IsOther(ReadOnlySpan<byte> block)
    {
        if (block.IndexOfAnyExcept((byte)0) < 0 || !HasChecksum(block))
        {
            return false;
        }

        try
        {
            var writtenAt = Number(block.Slice(WrittenAtAt, 12));
            TryRead(block, out var type, out var entry);
            return !block.SequenceEqual(type == 'x' ? Block("PaxHeader"u8, [], 'x', entry.Length, writtenAt) : Of(entry, writtenAt));
        }
        catch (InvalidDataException)
        {
            // What others have in the place of numbers, of the magic and of names.
            return true;
        }
    }

    /// <summary>Reads a header; false for the zeros that end a tar file.</summary>
    /// <param name="block">One block.</param>
    /// <param name="type">The type of the entry: <c>0</c> for a file, <c>5</c> for a directory, others for other things.</param>
    /// <param name="entry">The entry.</param>
    /// <exception cref="InvalidDataException">It is no header.</exception>
    public static bool TryRead(ReadOnlySpan<byte> block, out char type, out TarEntry entry)
    {
        (type, entry) = (default, default);
        if (block.IndexOfAnyExcept((byte)0) < 0)
        {
            return false;
        }

        if (!block[257..].StartsWith("ustar"u8) || !HasChecksum(block))
        {
            throw new InvalidDataException("no header of a tar file is where one should be");
        }

        type = block[TypeAt] == 0 ? '0' : (char)block[TypeAt];
        var name = Text(block[..MaxName]);

        // GNU's tar has other things in the place of the prefix.
        var prefix = block[262] == (byte)' ' ? "" : Text(block.Slice(PrefixAt, MaxPrefix));
        entry = new TarEntry(prefix.Length == 0 ? name : $"{prefix}/{name}", Number(block.Slice(124, 12)));
        return true;
    }

    /// <summary>The name that a header of pax gives to the entry behind it.</summary>
    /// <exception cref="InvalidDataException">It says anything else.</exception>
    public static string PathOf(ReadOnlySpan<byte> records)
    {
        var space = records.IndexOf((byte)' ');
        var isOne = space > 0
            && int.TryParse(records[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            && length == records.Length
            && records[(space + 1)..].StartsWith("path="u8)
            && records[^1] == (byte)'\n';
        return isOne ? Text(records[(space + 6)..^1]) : throw new InvalidDataException("an extension of a tar header says more than a name");
    }

    private static byte[] Record(ReadOnlySpan<byte> name)
    {
        // The length counts its own digits.
        var rest = name.Length + " path=\n".Length;
        var length = rest + 1;
        while (length != rest + length.ToString(CultureInfo.InvariantCulture).Length)
        {
            length++;
        }

        return [.. Encoding.ASCII.GetBytes($"{length} path="), .. name, (byte)'\n'];
    }

    private static byte[] Block(ReadOnlySpan<byte> name, ReadOnlySpan<byte> prefix, char type, long length, long writtenAt)
    {
        var block = new byte[TarEntry.BlockBytes];
        name.CopyTo(block);
        Octal(block.AsSpan(100, 8), type == '5' ? 0b111_000_000 : 0b110_000_000);
        Octal(block.AsSpan(108, 8), 0);
        Octal(block.AsSpan(116, 8), 0);
        Octal(block.AsSpan(124, 12), length);
        Octal(block.AsSpan(WrittenAtAt, 12), writtenAt);
        block[TypeAt] = (byte)type;
        "ustar\0"u8.CopyTo(block.AsSpan(257));
        "00"u8.CopyTo(block.AsSpan(263));
        prefix.CopyTo(block.AsSpan(PrefixAt));
        Octal(block.AsSpan(ChecksumAt, 7), Checksum(block));
        block[ChecksumAt + 7] = (byte)' ';
        return block;
    }

    private static void Octal(Span<byte> field, long value)
    {
        field[^1] = 0;
        for (var i = field.Length - 2; i >= 0; i--, value >>= 3)
        {
            field[i] = (byte)('0' + (value & 7));
        }
    }

    // Its own field counts as spaces.
    private static long Checksum(ReadOnlySpan<byte> block) => Sum(block[..ChecksumAt]) + (8 * ' ') + Sum(block[(ChecksumAt + 8)..]);

    private static int Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0;
        foreach (var value in bytes)
        {
            sum += value;
        }

        return sum;
    }

    private static bool HasChecksum(ReadOnlySpan<byte> block)
    {
        try
        {
            return Number(block.Slice(ChecksumAt, 8)) == Checksum(block);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static long Number(ReadOnlySpan<byte> field)
    {
        var value = 0L;
        foreach (var digit in field.Trim(" \0"u8))
        {
            value = digit is >= (byte)'0' and <= (byte)'7' ? (value << 3) + (digit - '0') : throw new InvalidDataException("a tar header has something else where a number should be");
        }

        return value;
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        try
        {
            return Utf8.GetString(end < 0 ? field : field[..end]);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException("a name is no UTF-8", e);
        }
    }
}

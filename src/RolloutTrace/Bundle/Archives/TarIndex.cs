using System.Globalization;
using System.Text;

namespace RolloutTrace.Bundle;

/// <summary>
/// Goes through the headers of a tar file that any program has made: v7, ustar, pax, and GNU's. The base class library's reader takes any length that
/// a header says for a name into memory; here it is bounded. Not safe for concurrent use.
/// </summary>
/// <param name="tar">The tar file, which can be sought in; not disposed with this.</param>
internal sealed class TarIndex(Stream tar)
{
    private const int BlockBytes = 512;
    private const int MaxExtension = 1 << 20;
    private const int NameBytes = 100;
    private const int ChecksumAt = 148;
    private const int ChecksumBytes = 8;

    private readonly byte[] block = new byte[BlockBytes];
    private readonly long end = tar.Length;
    private long next;
    private string? path;
    private long? size;
    private bool hasHoles;

    /// <summary>Its name, as the file has it.</summary>
    public string Name { get; private set; } = "";

    /// <summary>What it is: <c>0</c> a file, <c>5</c> a directory, <c>g</c> what is said of all, others other things.</summary>
    public char Type { get; private set; }

    /// <summary>The length of its content, as its header says.</summary>
    public long Length { get; private set; }

    /// <summary>Where its content begins.</summary>
    public long Place { get; private set; }

    /// <summary>Whether the file ends within its content.</summary>
    public bool IsCut => Length > end - Place;

    /// <summary>Whether its content is stored without its holes: <c>tar --sparse</c>.</summary>
    public bool HasHoles => hasHoles;

    /// <summary>Whether something stands behind the blocks of zeros that end it, as where two were written one behind the other. Known at the end.</summary>
    public bool HasMore { get; private set; }

    /// <summary>Goes to the next member; false at the end.</summary>
    /// <exception cref="InvalidDataException">What follows is no header.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public bool MoveNext()
    {
        (path, size, hasHoles) = (null, null, false);
        while (next < end)
        {
            tar.Position = next;
            if (tar.ReadAtLeast(block, BlockBytes, throwOnEndOfStream: false) < BlockBytes)
            {
                throw new InvalidDataException("it is cut off");
            }

            if (block.AsSpan().IndexOfAnyExcept((byte)0) < 0)
            {
                HasMore = IsMoreThanZeros();
                return false;
            }

            ReadHeader();
            next = Length > end - Place ? end : Place + Length + (-Length & (BlockBytes - 1));
            switch (Type)
            {
                case 'x' or 'X':
                    ReadRecords(ReadExtension());
                    break;
                case 'L':
                    path = Text(ReadExtension());
                    break;
                case 'K':
                    break;
                default:
                    Name = path ?? Name;

                    // In v7 directories are told by their names.
                    Type = Type == '0' && Name.EndsWith('/') && !block.AsSpan(257).StartsWith("ustar"u8) ? '5' : Type;
                    return true;
            }
        }

        return path is null ? false : throw new InvalidDataException("it ends behind the name of a member");
    }

    private bool IsMoreThanZeros()
    {
        var rest = new byte[1 << 16];
        while (tar.Read(rest) is > 0 and var read)
        {
            if (rest.AsSpan(0, read).IndexOfAnyExcept((byte)0) >= 0)
            {
                return true;
            }
        }

        return false;
    }

    private void ReadHeader()
    {
        if (!HasChecksum())
        {
            throw new InvalidDataException("no header of a tar file is where one should be");
        }

        Type = block[156] is 0 or (byte)'7' ? '0' : (char)block[156];
        Length = Type switch
        {
            >= '1' and <= '6' => 0,
            'x' or 'X' or 'g' or 'L' or 'K' => Number(block.AsSpan(124, 12)),
            _ => size ?? Number(block.AsSpan(124, 12)),
        };
        Place = tar.Position;
        Name = Text(block.AsSpan(0, NameBytes));

        // Where GNU's tar has other things, and v7 nothing, there is no prefix.
        if (block.AsSpan(257, 6).SequenceEqual("ustar\0"u8) && Text(block.AsSpan(345, 155)) is { Length: > 0 } prefix)
        {
            Name = $"{prefix}/{Name}";
        }

        if (Type == 'S')
        {
            PassHoles();
        }
    }

    // More of the table of holes may stand between the header and the content.
    private void PassHoles()
    {
        var isMore = block[482] != 0;
        while (isMore)
        {
            if (tar.ReadAtLeast(block, BlockBytes, throwOnEndOfStream: false) < BlockBytes)
            {
                throw new InvalidDataException("it is cut off");
            }

            isMore = block[504] != 0;
        }

        (hasHoles, Place) = (true, tar.Position);
    }

    private byte[] ReadExtension()
    {
        if (Length > MaxExtension)
        {
            throw new InvalidDataException($"the name of a member has {Length} bytes");
        }

        var extension = new byte[Length];
        return tar.ReadAtLeast(extension, extension.Length, throwOnEndOfStream: false) == extension.Length ? extension : throw new InvalidDataException("it is cut off");
    }

    private void ReadRecords(ReadOnlySpan<byte> records)
    {
        while (records.TrimEnd((byte)0).Length > 0)
        {
            var space = records.IndexOf((byte)' ');
            if (space is < 1 or > 10 || !int.TryParse(records[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length <= space + 1 || length > records.Length)
            {
                throw new InvalidDataException("an extension of a tar header is none");
            }

            var record = records[(space + 1)..length].TrimEnd((byte)'\n');
            records = records[length..];
            if (record.StartsWith("path="u8))
            {
                path = Text(record[5..]);
            }
            else if (record.StartsWith("size="u8))
            {
                size = long.TryParse(record[5..], NumberStyles.None, CultureInfo.InvariantCulture, out var said) ? said : throw new InvalidDataException("a tar header has something else where a number should be");
            }
            else if (record.StartsWith("GNU.sparse.name="u8))
            {
                (path, hasHoles) = (Text(record["GNU.sparse.name=".Length..]), true);
            }
            else if (record.StartsWith("GNU.sparse."u8))
            {
                hasHoles = true;
            }
        }
    }

    // Some programs have added up bytes with a sign.
    private bool HasChecksum()
    {
        var (sum, signed) = (0L, 0L);
        for (var i = 0; i < BlockBytes; i++)
        {
            var value = i is >= ChecksumAt and < ChecksumAt + ChecksumBytes ? (byte)' ' : block[i];
            sum += value;
            signed += (sbyte)value;
        }

        try
        {
            return Number(block.AsSpan(ChecksumAt, ChecksumBytes)) is var said && (said == sum || said == signed);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    // Octal digits, or where they have no room a number as it is.
    private static long Number(ReadOnlySpan<byte> field)
    {
        var value = 0L;
        if ((field[0] & 0x80) != 0)
        {
            for (var i = 0; i < field.Length; i++)
            {
                var part = i == 0 ? field[0] & 0x7F : field[i];
                value = value <= long.MaxValue >> 8 && (field[0] & 0x40) == 0 ? (value << 8) + part : throw new InvalidDataException("a tar header has a length that no file has");
            }

            return value;
        }

        field = field.TrimStart(" \0"u8);
        var end = field.IndexOfAny((byte)' ', (byte)0);
        foreach (var digit in end < 0 ? field : field[..end])
        {
            value = digit is >= (byte)'0' and <= (byte)'7' ? (value << 3) + (digit - '0') : throw new InvalidDataException("a tar header has something else where a number should be");
        }

        return value;
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        var end = field.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? field : field[..end]);
    }
}

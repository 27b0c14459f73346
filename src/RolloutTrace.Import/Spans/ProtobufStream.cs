using System.Buffers.Binary;

namespace RolloutTrace.Import.Spans;

/// <summary>Reads the outer messages of a file field by field, so that nothing is held but what is asked for.</summary>
internal sealed class ProtobufStream(Stream stream, int maxBytes)
{
    private const int MaxVarintBytes = 10;

    private readonly byte[] buffer = new byte[1 << 16];
    private int at;
    private int filled;

    /// <summary>How many bytes have been read.</summary>
    public long Position { get; private set; }

    /// <summary>Whether there is nothing more.</summary>
    public bool IsAtEnd => !TryFill();

    /// <summary>A number of varying size.</summary>
    /// <exception cref="InvalidDataException">The file is cut, or damaged.</exception>
    public ulong ReadVarint()
    {
        var value = 0UL;
        for (var i = 0; i < MaxVarintBytes; i++)
        {
            var next = ReadByte();
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Damaged();
    }

    /// <summary>A number of four bytes, the highest first.</summary>
    /// <exception cref="InvalidDataException">The file is cut.</exception>
    public uint ReadFixed() => BinaryPrimitives.ReadUInt32BigEndian(Read(sizeof(uint)));

    /// <summary>So many bytes.</summary>
    /// <exception cref="InvalidDataException">The file is cut, or there are too many to take.</exception>
    public byte[] Read(ulong length)
    {
        if (length > (ulong)maxBytes)
        {
            throw new InvalidDataException($"holds a value of more than {maxBytes} bytes");
        }

        // A length may be a lie: no more is made room for than comes.
        using var taken = new MemoryStream();
        Copy(length, taken);
        return taken.ToArray();
    }

    /// <summary>Passes over so many bytes.</summary>
    /// <exception cref="InvalidDataException">The file is cut.</exception>
    public void Skip(ulong length) => Copy(length, into: null);

    /// <summary>What is thrown where something cannot be.</summary>
    public static InvalidDataException Damaged() => new("is cut, or damaged");

    private byte ReadByte()
    {
        if (!TryFill())
        {
            throw Damaged();
        }

        Position++;
        return buffer[at++];
    }

    private void Copy(ulong length, MemoryStream? into)
    {
        while (length > 0)
        {
            if (!TryFill())
            {
                throw Damaged();
            }

            var count = (int)Math.Min(length, (ulong)(filled - at));
            into?.Write(buffer, at, count);
            at += count;
            Position += count;
            length -= (ulong)count;
        }
    }

    private bool TryFill()
    {
        if (at == filled)
        {
            filled = stream.Read(buffer);
            at = 0;
        }

        return at < filled;
    }
}

using System.Buffers.Binary;

namespace RolloutTrace.Collecting.Otlp;

/// <summary>Walks the fields of a protobuf message in memory.</summary>
internal struct ProtobufMessage(ReadOnlyMemory<byte> message)
{
    private const int VarintType = 0;
    private const int Fixed64Type = 1;
    private const int BytesType = 2;
    private const int Fixed32Type = 5;
    private const int MaxVarintBytes = 10;

    private int at;

    /// <summary>Number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>Its bytes, if it is a message, a string or bytes; else null.</summary>
    public ReadOnlyMemory<byte>? Bytes { get; private set; }

    /// <summary>Its value, if it is a number.</summary>
    public ulong Number { get; private set; }

    /// <summary>Moves to the next field.</summary>
    /// <exception cref="InvalidDataException">It is no message from here on.</exception>
    public bool MoveNext()
    {
        if (at == message.Length)
        {
            return false;
        }

        var tag = Varint();
        (Field, Bytes, Number) = (tag >> 3 is > 0 and <= int.MaxValue ? (int)(tag >> 3) : throw Broken(), null, 0);
        switch ((int)(tag & 7))
        {
            case VarintType:
                Number = Varint();
                break;
            case Fixed64Type:
                Number = BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)).Span);
                break;
            case Fixed32Type:
                Number = BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)).Span);
                break;
            case BytesType:
                var length = Varint();
                Bytes = Take(length <= int.MaxValue ? (int)length : throw Broken());
                break;
            default:
                throw Broken();
        }

        return true;
    }

    private static InvalidDataException Broken() => new("is no OTLP message in protobuf");

    private ReadOnlyMemory<byte> Take(int length)
    {
        if (length > message.Length - at)
        {
            throw Broken();
        }

        at += length;
        return message.Slice(at - length, length);
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var i = 0; i < MaxVarintBytes; i++)
        {
            var next = Take(1).Span[0];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Broken();
    }
}

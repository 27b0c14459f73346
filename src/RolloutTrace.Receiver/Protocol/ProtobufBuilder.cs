using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace RolloutTrace.Receiver.Protocol;

/// <summary>Writes the few small messages that are answered.</summary>
internal sealed class ProtobufBuilder
{
    private const int Bytes = 2;

    private readonly ArrayBufferWriter<byte> written = new();

    public ReadOnlySpan<byte> Written => written.WrittenSpan;

    public ProtobufBuilder Number(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
        return this;
    }

    public ProtobufBuilder Text(int field, string value) => Value(field, Encoding.UTF8.GetBytes(value));

    public ProtobufBuilder Message(int field, ProtobufBuilder message) => Value(field, message.Written);

    public byte[] ToArray() => Written.ToArray();

    public ProtobufBuilder Fixed(int field, ulong value)
    {
        const int Eight = 1;
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Varint(((ulong)field << 3) | Eight);
        written.Write(bytes);
        return this;
    }

    /// <summary>A message with its length before it and no field's number, as they follow one another in a file.</summary>
    public ProtobufBuilder Delimited(ProtobufBuilder message)
    {
        Varint((ulong)message.Written.Length);
        written.Write(message.Written);
        return this;
    }

    /// <summary>Fields that are written already.</summary>
    public ProtobufBuilder Raw(ReadOnlySpan<byte> fields)
    {
        written.Write(fields);
        return this;
    }

    public ProtobufBuilder Value(int field, ReadOnlySpan<byte> value)
    {
        Varint(((ulong)field << 3) | Bytes);
        Varint((ulong)value.Length);
        written.Write(value);
        return this;
    }

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            written.Write([(byte)(value | 0x80)]);
        }

        written.Write([(byte)value]);
    }
}

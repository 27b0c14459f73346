using System.Buffers.Binary;

namespace RolloutTrace.Import.Spans;

/// <summary>How messages follow each other in a file.</summary>
internal enum OtlpFrame
{
    /// <summary>The file is one message.</summary>
    None,

    /// <summary>Each message has its length before it, as a number of varying size.</summary>
    Varint,

    /// <summary>Each message has its length before it, in four bytes, the highest first.</summary>
    Fixed,
}

/// <summary>Tells by the first bytes how messages follow each other.</summary>
internal static class OtlpFraming
{
    private const int ResourceSpans = 0x0A;

    /// <summary>How; null if it is no such file.</summary>
    public static OtlpFrame? Of(ReadOnlySpan<byte> beginning)
    {
        if (IsMessage(beginning, beginning.Length))
        {
            return OtlpFrame.None;
        }

        if (TryVarint(beginning, out var length, out var behind) && IsMessage(beginning[behind..], length))
        {
            return OtlpFrame.Varint;
        }

        return beginning.Length > sizeof(uint) && IsMessage(beginning[sizeof(uint)..], BinaryPrimitives.ReadUInt32BigEndian(beginning)) ? OtlpFrame.Fixed : null;
    }

    // A message begins with a ResourceSpans, and that with a resource, scopes or a schema.
    private static bool IsMessage(ReadOnlySpan<byte> bytes, ulong length)
    {
        if (bytes is not [ResourceSpans, ..] || !TryVarint(bytes[1..], out var inner, out var behind))
        {
            return false;
        }

        var header = 1UL + (ulong)behind;
        var rest = bytes[(int)header..];
        return (length == (ulong)bytes.Length || header + inner <= length) && (inner == 0 ? rest.IsEmpty || rest[0] == ResourceSpans : rest is [0x0A or 0x12 or 0x1A, ..] && HasRoom(rest, inner));
    }

    private static bool IsMessage(ReadOnlySpan<byte> bytes, int length) => IsMessage(bytes, (ulong)length);

    private static bool HasRoom(ReadOnlySpan<byte> field, ulong length) => TryVarint(field[1..], out var inner, out var behind) && 1UL + (ulong)behind + inner <= length;

    private static bool TryVarint(ReadOnlySpan<byte> bytes, out ulong value, out int length)
    {
        value = 0;
        for (length = 0; length < Math.Min(bytes.Length, 9); length++)
        {
            value |= (ulong)(bytes[length] & 0x7F) << (7 * length);
            if (bytes[length] < 0x80)
            {
                length++;
                return true;
            }
        }

        return false;
    }
}

using System.Buffers.Binary;

namespace RolloutTrace.Reducer.Reading;

/// <summary>
/// A hash of bytes, fast on short and long ones. It only narrows down where to look: who finds something by it compares the bytes.
/// </summary>
internal static class ByteHash
{
    private const ulong First = 0xA0761D6478BD642F;
    private const ulong Second = 0xE7037ED1A0B428DB;
    private const ulong Third = 0x8EBC6AF09C88C6E3;

    /// <summary>The hash of bytes that follow others, which have the hash <paramref name="before"/>.</summary>
    public static long Of(ReadOnlySpan<byte> bytes, long before = 0)
    {
        var hash = (ulong)before ^ First;
        var length = (ulong)bytes.Length;
        if (bytes.Length >= 32)
        {
            // Two by two, since each product waits for the one before it.
            var other = hash ^ Third;
            do
            {
                hash = Mix(BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ Second, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) ^ hash);
                other = Mix(BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]) ^ Third, BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]) ^ other);
                bytes = bytes[32..];
            }
            while (bytes.Length >= 32);
            hash = Mix(hash ^ Second, other ^ First);
        }

        if (bytes.Length >= 16)
        {
            hash = Mix(BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ Second, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]) ^ hash);
            bytes = bytes[16..];
        }

        ulong low = 0;
        ulong high = 0;
        if (bytes.Length >= 8)
        {
            low = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            bytes = bytes[8..];
        }

        if (bytes.Length >= 4)
        {
            high = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            bytes = bytes[4..];
        }

        foreach (var last in bytes)
        {
            high = (high << 8) ^ last;
        }

        return (long)Mix(low ^ Second ^ length, high ^ hash);
    }

    private static ulong Mix(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}

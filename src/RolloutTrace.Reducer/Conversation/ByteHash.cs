using System.Buffers.Binary;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>
/// A hash of bytes, fast on short and long ones. It only narrows down where to look: who finds something by it compares the bytes.
/// </summary>
internal static class ByteHash
{
    private const ulong First = 0xA0761D6478BD642F;
    private const ulong Second = 0xE7037ED1A0B428DB;

    /// <summary>The hash of bytes that follow others, which have the hash <paramref name="before"/>.</summary>
    public static long Of(ReadOnlySpan<byte> bytes, long before = 0)
    {
        var hash = (ulong)before ^ First;
        var length = (ulong)bytes.Length;
        while (bytes.Length >= 16)
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

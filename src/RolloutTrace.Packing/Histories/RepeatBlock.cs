using System.Buffers.Binary;
using System.Numerics;

namespace RolloutTrace.Packing;

/// <summary>A block of a zstd frame that repeats what stands before it, and has nothing else: one sequence without literals.</summary>
internal static class RepeatBlock
{
    /// <summary>The most bytes that one block of any frame stands for.</summary>
    public const int MostRepeated = 1 << 17;

    /// <summary>The fewest bytes that one of these does.</summary>
    public const int LeastRepeated = 131;

    /// <summary>Room for one, with its header.</summary>
    public const int MaxBytes = HeaderBytes + FixedBytes + sizeof(ulong);

    private const int HeaderBytes = 3;
    private const int FixedBytes = 6;
    private const int Compressed = 2;

    // Below this codes of lengths are not as regular.
    private const int FirstRegularBits = 7;
    private const int CodeBeforeRegular = 36;

    // Each of the three codes stands for itself, once.
    private const byte OneOfEach = 0b01_01_01_00;

    /// <summary>Writes one.</summary>
    /// <param name="block">Where to, with room for <see cref="MaxBytes"/>.</param>
    /// <param name="distance">How far back the bytes stand that are repeated; it may be less than their number.</param>
    /// <param name="length">How many.</param>
    /// <returns>How long it is.</returns>
    public static int Write(Span<byte> block, long distance, int length)
    {
        // The three smallest stand for distances of before.
        var offset = (ulong)distance + 3;
        var offsetBits = BitOperations.Log2(offset);
        var match = (ulong)length - 3;
        var matchBits = BitOperations.Log2(match);
        ArgumentOutOfRangeException.ThrowIfLessThan(matchBits, FirstRegularBits, nameof(length));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MostRepeated);

        // Read from its end: a one that says where it begins, what is left of the distance, what is left of the length.
        var bits = (((1UL << offsetBits) | (offset - (1UL << offsetBits))) << matchBits) | (match - (1UL << matchBits));
        var bitBytes = ((offsetBits + matchBits) / 8) + 1;

        var body = block[HeaderBytes..];
        body[0] = 0; // no literals
        body[1] = 1; // one sequence
        body[2] = OneOfEach;
        body[3] = 0; // no literals before the match
        body[4] = (byte)offsetBits;
        body[5] = (byte)(matchBits + CodeBeforeRegular);
        BinaryPrimitives.WriteUInt64LittleEndian(body[FixedBytes..], bits);
        var header = (uint)(((FixedBytes + bitBytes) << 3) | (Compressed << 1));
        (block[0], block[1], block[2]) = ((byte)header, (byte)(header >> 8), (byte)(header >> 16));
        return HeaderBytes + FixedBytes + bitBytes;
    }
}

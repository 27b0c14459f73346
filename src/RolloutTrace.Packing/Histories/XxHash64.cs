using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RolloutTrace.Packing;

/// <summary>The hash whose low half is the checksum of a zstd frame: XXH64 with seed 0. Not safe for concurrent use.</summary>
internal sealed class XxHash64
{
    private const int StripeBytes = 32;
    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;

    private readonly byte[] held = new byte[StripeBytes];
    private int heldBytes;
    private ulong length;
    private ulong lane1 = unchecked(Prime1 + Prime2);
    private ulong lane2 = Prime2;
    private ulong lane3;
    private ulong lane4 = unchecked(0 - Prime1);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        length += (ulong)bytes.Length;
        if (heldBytes + bytes.Length < StripeBytes)
        {
            bytes.CopyTo(held.AsSpan(heldBytes));
            heldBytes += bytes.Length;
            return;
        }

        if (heldBytes > 0)
        {
            var missing = StripeBytes - heldBytes;
            bytes[..missing].CopyTo(held.AsSpan(heldBytes));
            AddStripes(held);
            bytes = bytes[missing..];
        }

        var whole = bytes.Length & -StripeBytes;
        AddStripes(bytes[..whole]);
        bytes[whole..].CopyTo(held);
        heldBytes = bytes.Length - whole;
    }

    /// <summary>The hash of all that was added.</summary>
    public ulong Value()
    {
        var hash = lane3 + Prime5;
        if (length >= StripeBytes)
        {
            hash = BitOperations.RotateLeft(lane1, 1) + BitOperations.RotateLeft(lane2, 7) + BitOperations.RotateLeft(lane3, 12) + BitOperations.RotateLeft(lane4, 18);
            hash = Merge(Merge(Merge(Merge(hash, lane1), lane2), lane3), lane4);
        }

        hash = AddHeld(hash + length);
        hash = (hash ^ (hash >> 33)) * Prime2;
        hash = (hash ^ (hash >> 29)) * Prime3;
        return hash ^ (hash >> 32);
    }

    private void AddStripes(ReadOnlySpan<byte> stripes)
    {
        ref var at = ref MemoryMarshal.GetReference(stripes);
        ref var end = ref Unsafe.Add(ref at, stripes.Length);
        var (a, b, c, d) = (lane1, lane2, lane3, lane4);
        while (Unsafe.IsAddressLessThan(ref at, ref end))
        {
            a = Round(a, Word(ref at, 0));
            b = Round(b, Word(ref at, 8));
            c = Round(c, Word(ref at, 16));
            d = Round(d, Word(ref at, 24));
            at = ref Unsafe.Add(ref at, StripeBytes);
        }

        (lane1, lane2, lane3, lane4) = (a, b, c, d);
    }

    private ulong AddHeld(ulong hash)
    {
        var rest = held.AsSpan(0, heldBytes);
        for (; rest.Length >= 8; rest = rest[8..])
        {
            hash = (BitOperations.RotateLeft(hash ^ Round(0, BinaryPrimitives.ReadUInt64LittleEndian(rest)), 27) * Prime1) + Prime4;
        }

        if (rest.Length >= 4)
        {
            hash = (BitOperations.RotateLeft(hash ^ (BinaryPrimitives.ReadUInt32LittleEndian(rest) * Prime1), 23) * Prime2) + Prime3;
            rest = rest[4..];
        }

        foreach (var one in rest)
        {
            hash = BitOperations.RotateLeft(hash ^ (one * Prime5), 11) * Prime1;
        }

        return hash;
    }

    private static ulong Word(ref byte at, int offset)
    {
        var word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, offset));
        return BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
    }

    private static ulong Round(ulong lane, ulong word) => BitOperations.RotateLeft(lane + (word * Prime2), 31) * Prime1;

    private static ulong Merge(ulong hash, ulong lane) => ((hash ^ Round(0, lane)) * Prime1) + Prime4;
}

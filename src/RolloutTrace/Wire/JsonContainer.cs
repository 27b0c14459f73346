using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RolloutTrace.Wire;

/// <summary>
/// Finds where an object or a list ends, without looking at what is in it: 64 bytes at a time, as bits, of which those are left out that
/// stand in strings. It allocates nothing and never throws. Safe for concurrent use.
/// </summary>
/// <remarks>Code with vectors is not compiled ahead of time; it is compiled well when it is first called, since most runs end before the runtime would do it again.</remarks>
public static class JsonContainer
{
    private const int Block = 64;
    private const byte ToBrace = 0x20;
    private const ulong EvenBits = 0x5555555555555555;

    /// <summary>The length of the object or list that the text begins with; 0 if it has no end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Length(ReadOnlySpan<byte> json)
    {
        var state = default(State);
        var at = 0;
        for (; at <= json.Length - Block; at += Block)
        {
            if (End(ref state, json.Slice(at, Block)) is > 0 and var end)
            {
                return at + end;
            }
        }

        Span<byte> last = stackalloc byte[Block];
        last.Clear();
        json[at..].CopyTo(last);
        return End(ref state, last) is > 0 and var ofLast ? at + ofLast : 0;
    }

    // The length up to the end of the container, if that is in the block; 0 if not.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int End(ref State state, ReadOnlySpan<byte> block)
    {
        ref var first = ref MemoryMarshal.GetReference(block);
        var quotes = Are(ref first, (byte)'"') & ~Escaped(ref state, Are(ref first, (byte)'\\'));
        var strings = UpToEach(quotes) ^ state.InString;
        state.InString = (ulong)((long)strings >> (Block - 1));

        // [ and { differ in one bit, as ] and } do.
        var opened = Are(ref first, (byte)'{', ToBrace) & ~strings;
        var closed = Are(ref first, (byte)'}', ToBrace) & ~strings;
        var closings = BitOperations.PopCount(closed);
        if (closings < state.Depth)
        {
            state.Depth += BitOperations.PopCount(opened) - closings;
            return 0;
        }

        for (var both = opened | closed; both != 0; both &= both - 1)
        {
            var bit = both & (~both + 1);
            state.Depth += (opened & bit) != 0 ? 1 : -1;
            if (state.Depth <= 0)
            {
                return BitOperations.TrailingZeroCount(bit) + 1;
            }
        }

        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Are(ref byte first, byte sign, byte with = 0)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            return Vector512.Equals(Vector512.LoadUnsafe(ref first) | Vector512.Create(with), Vector512.Create(sign)).ExtractMostSignificantBits();
        }

        var (low, high) = (Vector256.LoadUnsafe(ref first), Vector256.LoadUnsafe(ref first, (nuint)Vector256<byte>.Count));
        var (more, wanted) = (Vector256.Create(with), Vector256.Create(sign));
        return Vector256.Equals(low | more, wanted).ExtractMostSignificantBits() | ((ulong)Vector256.Equals(high | more, wanted).ExtractMostSignificantBits() << Vector256<byte>.Count);
    }

    // The bytes behind a backslash that is not itself behind one: of backslashes in a row, every second one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Escaped(ref State state, ulong backslashes)
    {
        if (backslashes == 0)
        {
            return Interlude(ref state);
        }

        backslashes &= ~state.IsEscaped;
        var behind = (backslashes << 1) | state.IsEscaped;
        var oddStarts = backslashes & ~EvenBits & ~behind;
        var sum = unchecked(oddStarts + backslashes);
        state.IsEscaped = sum < oddStarts ? 1UL : 0;
        return (EvenBits ^ (sum << 1)) & behind;
    }

    private static ulong Interlude(ref State state)
    {
        var escaped = state.IsEscaped;
        state.IsEscaped = 0;
        return escaped;
    }

    // Each bit is the sum of those up to it: set from an opening quotation mark on, and not from the closing one on.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong UpToEach(ulong bits)
    {
        if (Pclmulqdq.IsSupported)
        {
            return Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(bits), Vector128<ulong>.AllBitsSet, 0).ToScalar();
        }

        bits ^= bits << 1;
        bits ^= bits << 2;
        bits ^= bits << 4;
        bits ^= bits << 8;
        bits ^= bits << 16;
        return bits ^ (bits << 32);
    }

    private struct State
    {
        public int Depth;
        public ulong InString;
        public ulong IsEscaped;
    }
}

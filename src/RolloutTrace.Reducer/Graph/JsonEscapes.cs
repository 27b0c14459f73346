using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using System.Text.Unicode;

namespace RolloutTrace.Reducer;

/// <summary>
/// Brings texts in JSON, however they are escaped, into the one form in which a state has them: what need not be escaped is not. In UTF-8 from
/// beginning to end, and what is in that form already is only copied.
/// </summary>
internal static class JsonEscapes
{
    private const int HexDigits = 4;
    private const int ToLower = 0x20;

    // So many bytes are looked at at once.
    private const int Block = 64;
    private const int MostBytesOfRune = 4;
    private const int MostBytesOfEscapes = 12;

    // What stands for itself in any JSON, and is no quotation mark.
    private static readonly SearchValues<byte> Plain = SearchValues.Create(" !#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    // How a state says each byte of ASCII.
    private static readonly byte[][] Ascii = OfAscii();

    // The letters of the escapes of two signs that a state has too: all that JSON has but that of the slash.
    private static readonly bool[] IsSaidSo = Short();

    /// <summary>The text in quotation marks, as a state says it; null if it is not valid Unicode.</summary>
    /// <param name="escaped">What stands between a JSON string's quotation marks; each escape in it is whole.</param>
    public static byte[]? Canonical(ReadOnlySpan<byte> escaped)
    {
        var form = new Text(escaped.Length + 2);
        try
        {
            if (!TryForm(escaped, ref form, out var copied))
            {
                return null;
            }

            var array = GC.AllocateUninitializedArray<byte>(form.LengthWith(escaped[copied..]));
            form.CopyTo(array, escaped[copied..]);
            return array;
        }
        finally
        {
            form.Return();
        }
    }

    /// <summary>As the other, into memory for many texts.</summary>
    /// <param name="escaped">As for the other.</param>
    /// <param name="memory">Where to.</param>
    /// <param name="start">Where in the block that is given.</param>
    /// <param name="length">How long.</param>
    public static TextBlock? Canonical(ReadOnlySpan<byte> escaped, TextMemory memory, out int start, out int length)
    {
        (start, length) = (0, 0);
        var form = new Text(escaped.Length + 2);
        try
        {
            if (!TryForm(escaped, ref form, out var copied))
            {
                return null;
            }

            length = form.LengthWith(escaped[copied..]);
            var block = memory.Take(length, out start);
            form.CopyTo(block.Span.Slice(start, length), escaped[copied..]);
            GC.KeepAlive(block);
            return block;
        }
        finally
        {
            form.Return();
        }
    }

    // What is in the form already is copied in runs as long as they go, the last of them by who asks.
    private static bool TryForm(ReadOnlySpan<byte> escaped, ref Text form, out int copied)
    {
        copied = 0;
        if (!Utf8.IsValid(escaped))
        {
            return false;
        }

        Span<byte> said = stackalloc byte[MostBytesOfEscapes];
        for (var at = 0; (at = NextToLookAt(escaped, at)) < escaped.Length;)
        {
            var length = Unit(escaped[at..], said, out var saidLength);
            if (length == 0)
            {
                return false;
            }

            if (saidLength >= 0 && !escaped.Slice(at, length).SequenceEqual(said[..saidLength]))
            {
                form.Add(escaped[copied..at]);
                form.Add(said[..saidLength]);
                copied = at + length;
            }

            at += length;
        }

        return true;
    }

    // Where the next byte is that is not plain, nor the beginning of an escape that a state has too; the end if there is none. Many texts have an escape in each
    // line: looking for each by itself takes most of the time.
    private static int NextToLookAt(ReadOnlySpan<byte> escaped, int at)
    {
        ref var first = ref MemoryMarshal.GetReference(escaped);
        while (Vector256.IsHardwareAccelerated && escaped.Length - at >= Block)
        {
            var found = NotPlain(ref first, at) | ((ulong)NotPlain(ref first, at + Vector256<byte>.Count) << Vector256<byte>.Count);
            var next = at + Block;
            while (found != 0)
            {
                var place = at + BitOperations.TrailingZeroCount(found);
                if (escaped[place] != (byte)'\\' || !IsSaidSo[escaped[place + 1]])
                {
                    return place;
                }

                if (place + 2 >= next)
                {
                    next = place + 2;
                    break;
                }

                found &= ulong.MaxValue << (place + 2 - at);
            }

            at = next;
        }

        while (escaped[at..].IndexOfAnyExcept(Plain) is >= 0 and var step)
        {
            at += step;
            if (escaped[at] != (byte)'\\' || !IsSaidSo[escaped[at + 1]])
            {
                return at;
            }

            at += 2;
        }

        return escaped.Length;
    }

    // As signed numbers, those beyond ASCII are less than all of it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint NotPlain(ref byte first, int at)
    {
        var block = Vector256.LoadUnsafe(ref first, (nuint)at);
        return (Vector256.LessThan(block.AsSByte(), Vector256.Create((sbyte)' ')).AsByte() | Vector256.Equals(block, Vector256.Create((byte)0x7F))
            | Vector256.Equals(block, Vector256.Create((byte)'"')) | Vector256.Equals(block, Vector256.Create((byte)'\\'))).ExtractMostSignificantBits();
    }

    // The length of what has to be looked at, 0 if it is no text, and how a state says it; -1 for in just that way.
    private static int Unit(ReadOnlySpan<byte> escaped, Span<byte> said, out int saidLength)
    {
        saidLength = -1;
        if (escaped[0] == (byte)'\\' && escaped[1] == (byte)'u')
        {
            var length = RuneLength(escaped, out var rune);
            saidLength = length == 0 ? 0 : Say(rune, said);
            return length;
        }

        if (escaped[0] == (byte)'\\')
        {
            said[0] = escaped[1];
            saidLength = IsSaidSo[escaped[1]] ? -1 : 1;
            return 2;
        }

        if (escaped[0] < 0x80)
        {
            Ascii[escaped[0]].CopyTo(said);
            saidLength = Ascii[escaped[0]].Length;
            return 1;
        }

        // As much as needs no escapes.
        var end = escaped.IndexOfAnyInRange((byte)0, (byte)0x7F);
        var others = end < 0 ? escaped : escaped[..end];
        var plain = StateWriter.Encoder.FindFirstCharacterToEncodeUtf8(others);
        if (plain != 0)
        {
            return plain < 0 ? others.Length : plain;
        }

        Rune.DecodeFromUtf8(others, out var first, out var bytes);
        saidLength = Say(first, said);
        return bytes;
    }

    private static int Say(Rune rune, Span<byte> said)
    {
        if (rune.IsAscii)
        {
            Ascii[rune.Value].CopyTo(said);
            return Ascii[rune.Value].Length;
        }

        if (!StateWriter.Encoder.WillEncode(rune.Value))
        {
            return rune.EncodeToUtf8(said);
        }

        Span<byte> utf8 = stackalloc byte[MostBytesOfRune];
        StateWriter.Encoder.EncodeUtf8(utf8[..rune.EncodeToUtf8(utf8)], said, out _, out var written);
        return written;
    }

    // From the backslash on; a character beyond the first plane has two escapes. 0 for half a pair.
    private static int RuneLength(ReadOnlySpan<byte> escaped, out Rune rune)
    {
        const int Escape = 2 + HexDigits;
        var first = Hex(escaped[2..]);
        rune = default;
        return !char.IsHighSurrogate(first) ? (Rune.TryCreate(first, out rune) ? Escape : 0)
            : escaped[Escape..].StartsWith("\\u"u8) && Rune.TryCreate(first, Hex(escaped[(Escape + 2)..]), out rune) ? 2 * Escape
            : 0;
    }

    private static char Hex(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        foreach (var digit in digits[..HexDigits])
        {
            var number = digit is >= (byte)'0' and <= (byte)'9' ? digit - '0' : (digit | ToLower) is >= 'a' and <= 'f' and var letter ? letter - 'a' + 10 : -1;
            if (number < 0)
            {
                return char.MaxValue;
            }

            value = (value << 4) | number;
        }

        return (char)value;
    }

    private static bool[] Short()
    {
        var isShort = new bool[byte.MaxValue + 1];
        foreach (var letter in "\"\\bfnrt"u8)
        {
            isShort[letter] = true;
        }

        return isShort;
    }

    private static byte[][] OfAscii()
    {
        var all = new byte[0x80][];
        for (byte sign = 0; sign < all.Length; sign++)
        {
            all[sign] = Encode([sign]);
        }

        return all;
    }

    private static byte[] Encode(ReadOnlySpan<byte> utf8)
    {
        var encoded = new byte[MostBytesOfEscapes * utf8.Length];
        StateWriter.Encoder.EncodeUtf8(utf8, encoded, out _, out var written);
        return encoded[..written];
    }

    /// <summary>A text that grows in a pooled buffer, which is only taken when there is something to add.</summary>
    private struct Text(int capacity)
    {
        private byte[] buffer = [];
        private int length;

        public void Add(ReadOnlySpan<byte> bytes)
        {
            if (bytes.Length > buffer.Length - length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(capacity, 2 * buffer.Length), length + bytes.Length));
                buffer.AsSpan(0, length).CopyTo(larger);
                Return();
                buffer = larger;
            }

            bytes.CopyTo(buffer.AsSpan(length));
            length += bytes.Length;
        }

        /// <summary>How long the text and what is behind it are in quotation marks.</summary>
        public readonly int LengthWith(ReadOnlySpan<byte> rest) => length + rest.Length + 2;

        /// <summary>Writes the text and what is behind it, in quotation marks.</summary>
        public readonly void CopyTo(Span<byte> destination, ReadOnlySpan<byte> rest)
        {
            destination[0] = destination[^1] = (byte)'"';
            buffer.AsSpan(0, length).CopyTo(destination[1..]);
            rest.CopyTo(destination[(1 + length)..]);
        }

        public readonly void Return()
        {
            if (buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }
    }
}

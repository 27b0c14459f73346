using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RolloutTrace.Reducer.Reading;

/// <summary>
/// The escapes in the long texts of JSON, hidden in place until this is disposed of: whoever steps through the JSON finds the same texts in the
/// same places, each with one escape, at its end. What is no JSON is none either while they are hidden.
/// </summary>
internal ref struct HiddenEscapes
{
    // Behind a text's first escape; less is as soon stepped through.
    private const int MinBytes = 48;

    // So many bytes are looked at at once.
    private const int Block = 64;

    private const byte Hidden = (byte)'_';
    private const byte HiddenQuote = (byte)'Q';
    private const byte HiddenBackslash = (byte)'B';
    private const ushort LineFeed = 0x6E5C; // \n

    private static readonly bool[] IsShort = Short();

    // What stands for each letter of an escape while it is hidden, and the way back. Which letter it is cannot be foreseen, so nothing branches on it.
    private static readonly byte[] Letters = Letter(((byte)'"', HiddenQuote), ((byte)'\\', HiddenBackslash));
    private static readonly byte[] Shown = Letter((HiddenQuote, (byte)'"'), (HiddenBackslash, (byte)'\\'));

    private readonly Span<byte> json;
    private int[] escapes = [];
    private int escapeCount;

    // Of each text, where it ends, and what stood there.
    private int[] ends = [];
    private int endCount;

    public HiddenEscapes(Span<byte> json)
    {
        this.json = json;
        Hide();
    }

    /// <summary>Puts everything back.</summary>
    public void Dispose()
    {
        for (var i = 0; i < endCount; i += 2)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(json[ends[i]..], (ushort)ends[i + 1]);
        }

        foreach (var at in escapes.AsSpan(0, escapeCount))
        {
            json[at] = (byte)'\\';
            json[at + 1] = Shown[json[at + 1]];
        }

        Return(ref escapes, ref escapeCount);
        Return(ref ends, ref endCount);
    }

    // What stands outside of texts is looked at by who steps through the JSON, and so is the first escape that is none.
    private void Hide()
    {
        for (var at = 0; json[at..].IndexOf((byte)'"') is >= 0 and var step;)
        {
            at = HideInText(at + step + 1);
            if (at < 0)
            {
                return;
            }
        }
    }

    // Gives the offset behind the text; -1 if it has no end, or something in it is wrong.
    private int HideInText(int at)
    {
        var before = escapeCount;
        if (!TryEnd(ref at))
        {
            escapeCount = before;
            return -1;
        }

        HideSince(before, at);
        return at + 1;
    }

    // Goes on to where the text ends. Many texts have an escape in each line: looking for each by itself takes most of the time.
    private bool TryEnd(ref int at)
    {
        ref var first = ref MemoryMarshal.GetReference(json);
        while (Vector256.IsHardwareAccelerated && json.Length - at >= Block)
        {
            var next = at + Block;
            var found = Signs(ref first, at) | ((ulong)Signs(ref first, at + Vector256<byte>.Count) << Vector256<byte>.Count);
            while (found != 0)
            {
                var place = at + BitOperations.TrailingZeroCount(found);
                if (json[place] == (byte)'"')
                {
                    at = place;
                    return true;
                }

                var length = 2;
                if (place + 1 < json.Length && IsShort[json[place + 1]])
                {
                    Add(ref escapes, ref escapeCount, place);
                }
                else if (!TryEscape(place, out length))
                {
                    return false;
                }

                // What an escape has behind its backslash is none of its own.
                var end = place + length;
                if (end >= at + Block)
                {
                    next = end;
                    break;
                }

                found &= ulong.MaxValue << (end - at);
            }

            at = next;
        }

        while (json[at..].IndexOfAny((byte)'"', (byte)'\\') is >= 0 and var step)
        {
            at += step;
            if (json[at] == (byte)'"')
            {
                return true;
            }

            if (!TryEscape(at, out var length))
            {
                return false;
            }

            at += length;
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Signs(ref byte first, int at)
    {
        var block = Vector256.LoadUnsafe(ref first, (nuint)at);
        return (Vector256.Equals(block, Vector256.Create((byte)'"')) | Vector256.Equals(block, Vector256.Create((byte)'\\'))).ExtractMostSignificantBits();
    }

    private bool TryEscape(int at, out int length)
    {
        length = EscapeLength(json[at..]);
        if (length == 0)
        {
            return false;
        }

        Add(ref escapes, ref escapeCount, at);
        return true;
    }

    private void HideSince(int first, int end)
    {
        if (first == escapeCount || end - escapes[first] < MinBytes)
        {
            escapeCount = first;
            return;
        }

        foreach (var at in escapes.AsSpan(first, escapeCount - first))
        {
            json[at] = Hidden;
            json[at + 1] = Letters[json[at + 1]];
        }

        // A text without any escape would be taken at its word.
        var last = json.Slice(end - sizeof(ushort), sizeof(ushort));
        Add(ref ends, ref endCount, end - sizeof(ushort));
        Add(ref ends, ref endCount, BinaryPrimitives.ReadUInt16LittleEndian(last));
        BinaryPrimitives.WriteUInt16LittleEndian(last, LineFeed);
    }

    private static int EscapeLength(ReadOnlySpan<byte> text)
    {
        const int Hex = 4;
        return text.Length < 2 ? 0
            : IsShort[text[1]] ? 2
            : text[1] == (byte)'u' && text.Length >= 2 + Hex && IsHex(text[2]) && IsHex(text[3]) && IsHex(text[4]) && IsHex(text[5]) ? 2 + Hex
            : 0;
    }

    private static bool IsHex(byte sign) => char.IsAsciiHexDigit((char)sign);

    private static bool[] Short()
    {
        var isShort = new bool[byte.MaxValue + 1];
        foreach (var letter in "\"\\/bfnrt"u8)
        {
            isShort[letter] = true;
        }

        return isShort;
    }

    private static byte[] Letter(params ReadOnlySpan<(byte Letter, byte Other)> others)
    {
        var letters = new byte[byte.MaxValue + 1];
        for (var i = 0; i < letters.Length; i++)
        {
            letters[i] = (byte)i;
        }

        foreach (var (letter, other) in others)
        {
            letters[letter] = other;
        }

        return letters;
    }

    private static void Add(ref int[] list, ref int count, int value)
    {
        if (count == list.Length)
        {
            var larger = ArrayPool<int>.Shared.Rent(Math.Max(256, 2 * count));
            list.AsSpan(0, count).CopyTo(larger);
            Return(list);
            list = larger;
        }

        list[count++] = value;
    }

    private static void Return(ref int[] list, ref int count)
    {
        Return(list);
        list = [];
        count = 0;
    }

    private static void Return(int[] list)
    {
        if (list.Length > 0)
        {
            ArrayPool<int>.Shared.Return(list);
        }
    }
}

using System.Globalization;

namespace RolloutTrace.Wire;

/// <summary>
/// Puts U+FFFD in the place of half a surrogate pair, in the bytes of a document: as an escape, <c>\ud83d</c>, or in three bytes as
/// if it were a character. Either way the replacement is as long.
/// </summary>
internal static class HalfSurrogates
{
    /// <summary>Replaces those that stand in three bytes.</summary>
    /// <returns>How many there were.</returns>
    public static int ReplaceBytes(Span<byte> document)
    {
        var count = 0;
        for (int at; (at = document.IndexOf((byte)0xED)) >= 0 && at + 2 < document.Length; document = document[(at + 1)..])
        {
            if (document[at + 1] is >= 0xA0 and <= 0xBF && document[at + 2] is >= 0x80 and <= 0xBF)
            {
                "\ufffd"u8.CopyTo(document[at..]);
                count++;
            }
        }

        return count;
    }

    /// <summary>Replaces those that stand as escapes in a string without its quotes, as JSON has it.</summary>
    /// <returns>How many there were.</returns>
    public static int ReplaceEscapes(Span<byte> text)
    {
        var count = 0;
        var high = -1;
        for (var i = 0; ;)
        {
            var next = text[i..].IndexOf((byte)'\\');
            if (next != 0 && high >= 0)
            {
                count += Replace(text, ref high);
            }

            if (next < 0)
            {
                return count;
            }

            i += next;
            var isUnicode = text[i + 1] == 'u';
            var unit = isUnicode ? (char)ushort.Parse(text.Slice(i + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : '\0';
            if (char.IsLowSurrogate(unit))
            {
                if (high < 0)
                {
                    high = i;
                    count += Replace(text, ref high);
                }

                high = -1;
            }
            else
            {
                count += high >= 0 ? Replace(text, ref high) : 0;
                high = char.IsHighSurrogate(unit) ? i : -1;
            }

            i += isUnicode ? 6 : 2;
        }
    }

    private static int Replace(Span<byte> text, ref int at)
    {
        @"\ufffd"u8.CopyTo(text[at..]);
        at = -1;
        return 1;
    }
}

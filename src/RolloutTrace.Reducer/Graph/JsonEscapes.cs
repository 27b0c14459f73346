using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace RolloutTrace.Reducer;

/// <summary>Takes the escapes out of JSON text, in UTF-8 from beginning to end.</summary>
internal static class JsonEscapes
{
    private const int HexDigits = 4;

    /// <summary>Decodes what stands between a JSON string's quotation marks.</summary>
    /// <param name="escaped">The text as JSON, in which each escape is whole.</param>
    /// <param name="destination">Where to; as long as the text is enough.</param>
    /// <returns>How many bytes it has become; -1 if it is not valid Unicode.</returns>
    public static int Decode(ReadOnlySpan<byte> escaped, Span<byte> destination)
    {
        var length = 0;
        while (true)
        {
            var plain = escaped.IndexOf((byte)'\\') is var next and >= 0 ? next : escaped.Length;
            escaped[..plain].CopyTo(destination[length..]);
            length += plain;
            if (plain == escaped.Length)
            {
                return Utf8.IsValid(destination[..length]) ? length : -1;
            }

            escaped = escaped[(plain + 1)..];
            if (escaped[0] != (byte)'u')
            {
                destination[length++] = Short(escaped[0]);
                escaped = escaped[1..];
            }
            else if (TryRune(ref escaped, out var rune))
            {
                length += rune.EncodeToUtf8(destination[length..]);
            }
            else
            {
                return -1;
            }
        }
    }

    private static byte Short(byte letter) => letter switch
    {
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        _ => letter,
    };

    // Behind the backslash; a character beyond the first plane has two escapes.
    private static bool TryRune(ref ReadOnlySpan<byte> escaped, out Rune rune)
    {
        var first = Hex(escaped[1..]);
        escaped = escaped[(1 + HexDigits)..];
        if (!char.IsHighSurrogate(first) || !escaped.StartsWith("\\u"u8))
        {
            return Rune.TryCreate(first, out rune);
        }

        var second = Hex(escaped[2..]);
        escaped = escaped[(2 + HexDigits)..];
        return Rune.TryCreate(first, second, out rune);
    }

    private static char Hex(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits[..HexDigits], out ushort value, out _, 'x') ? (char)value : char.MaxValue;
}

using System.Globalization;
using System.Text;

namespace RolloutTrace.Wire;

/// <summary>Decodes JSON strings that no JSON reader decodes, because they are not valid Unicode.</summary>
internal static class JsonUnescape
{
    /// <summary>The text of a string, with U+FFFD for what is not valid.</summary>
    /// <param name="raw">What stands between the quotation marks, sound as JSON.</param>
    public static string Repair(ReadOnlySpan<byte> raw)
    {
        var escaped = Encoding.UTF8.GetString(raw);
        var text = new StringBuilder(escaped.Length);
        for (var i = 0; i < escaped.Length; i++)
        {
            if (escaped[i] != '\\')
            {
                text.Append(escaped[i]);
                continue;
            }

            i++;
            text.Append(escaped[i] switch
            {
                'u' => (char)ushort.Parse(escaped.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                var itself => itself,
            });
            i += escaped[i] == 'u' ? 4 : 0;
        }

        ReplaceHalves(text);
        return text.ToString();
    }

    private static void ReplaceHalves(StringBuilder text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                text[i] = '\uFFFD';
            }
        }
    }
}

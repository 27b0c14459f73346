using System.Text;
using System.Text.Json;
using RolloutTrace.Content;

namespace RolloutTrace.Analysis.Exporting;

/// <summary>Cuts a text of an attribute.</summary>
internal static class TextCut
{
    public const int SmallestLimit = 16;
    private const string Ellipsis = "...";

    /// <summary>The text if it has no more bytes of UTF-8 than that, else its beginning. JSON stays JSON.</summary>
    public static string Of(string text, int maxBytes)
    {
        if (text.Length <= maxBytes / 3 || Encoding.UTF8.GetByteCount(text) <= maxBytes)
        {
            return text;
        }

        if (text[0] is '{' or '[' or '"')
        {
            try
            {
                return JsonCut.Cut(Encoding.UTF8.GetBytes(text), maxBytes);
            }
            catch (JsonException)
            {
                // Begins like it, and is something else.
            }
        }

        return string.Concat(Beginning(text, maxBytes - Ellipsis.Length), Ellipsis);
    }

    private static ReadOnlySpan<char> Beginning(string text, int room)
    {
        var end = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            room -= rune.Utf8SequenceLength;
            if (room < 0)
            {
                break;
            }

            end += rune.Utf16SequenceLength;
        }

        return text.AsSpan(0, end);
    }
}

using System.Text.Json;
using System.Text.Unicode;
using RolloutTrace.Bundle;

namespace RolloutTrace.Wire;

/// <summary>What every recording asks of a payload: that each reader of the bundle can read it.</summary>
public static class SoundJson
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    /// <summary>
    /// Looks at a document, and puts U+FFFD in the place of half a surrogate pair, whether that is an escape or three bytes. The
    /// document keeps its length.
    /// </summary>
    /// <param name="document">The document; it may have been changed also where it turns out not to be sound.</param>
    /// <param name="halves">How many halves of surrogate pairs were replaced.</param>
    /// <returns>Whether it is UTF-8.</returns>
    /// <exception cref="JsonException">It is not one JSON value, or is deeper than <see cref="BundleReaderOptions.MaxDepth"/>.</exception>
    public static bool Mend(Span<byte> document, out int halves)
    {
        halves = 0;
        if (!Utf8.IsValid(document))
        {
            halves = HalfSurrogates.ReplaceBytes(document);
            if (halves == 0 || !Utf8.IsValid(document))
            {
                return false;
            }
        }

        var reader = new Utf8JsonReader(document, Options);
        while (reader.Read())
        {
            if (reader.ValueIsEscaped)
            {
                // Behind the quote; the reader has been there.
                halves += HalfSurrogates.ReplaceEscapes(document.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length));
            }
        }

        return true;
    }
}

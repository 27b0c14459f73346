using System.Text.Json;
using System.Text.Unicode;
using RolloutTrace.Bundle;

namespace RolloutTrace.Wire;

/// <summary>What every recording asks of a payload: that each reader of the bundle can read it.</summary>
public static class SoundJson
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    /// <summary>How a document's reader begins.</summary>
    internal static JsonReaderState Beginning { get; } = new(Options);

    /// <summary>
    /// Looks at a document, and puts U+FFFD in the place of half a surrogate pair, whether that is an escape or three bytes. The
    /// document keeps its length.
    /// </summary>
    /// <param name="document">The document; it may have been changed also where it turns out not to be sound.</param>
    /// <param name="halves">How many halves of surrogate pairs were replaced.</param>
    /// <returns>Whether it is UTF-8.</returns>
    /// <exception cref="JsonException">It is not one JSON value, or is deeper than <see cref="BundleReaderOptions.MaxDepth"/>.</exception>
    public static bool Mend(Span<byte> document, out int halves) => Mend(document, Beginning, marks: null, out halves);

    /// <summary>Looks at what follows of a document behind a mark.</summary>
    /// <param name="rest">All that follows.</param>
    /// <param name="state">The reader's state there.</param>
    /// <param name="marks">Gets further marks; null for none.</param>
    /// <param name="halves">As above.</param>
    internal static bool Mend(Span<byte> rest, JsonReaderState state, SoundJsonMarks? marks, out int halves)
    {
        halves = 0;
        if (!Utf8.IsValid(rest))
        {
            halves = HalfSurrogates.ReplaceBytes(rest);
            if (halves == 0 || !Utf8.IsValid(rest))
            {
                return false;
            }
        }

        var reader = new Utf8JsonReader(rest, isFinalBlock: true, state);
        var next = marks is null ? long.MaxValue : SoundJsonMarks.Distance;
        while (reader.Read())
        {
            if (reader.ValueIsEscaped)
            {
                // Behind the quote; the reader has been there.
                halves += HalfSurrogates.ReplaceEscapes(rest.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length));
            }

            if (reader.BytesConsumed >= next && marks!.TryAdd(in reader))
            {
                next = reader.BytesConsumed + SoundJsonMarks.Distance;
            }
        }

        return true;
    }
}

using System.Text.Json;
using System.Text.Unicode;
using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Recording;

/// <summary>Whether bytes are a document that every reader of the bundle can read.</summary>
internal static class JsonCheck
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    /// <summary>
    /// What is wrong with the document; none if it is one JSON value in UTF-8, not too deep. Half a surrogate pair is not wrong: U+FFFD
    /// is put in its place.
    /// </summary>
    /// <param name="document">The document.</param>
    /// <param name="halves">How many halves of surrogate pairs were replaced.</param>
    public static PayloadProblem Find(Span<byte> document, out int halves)
    {
        halves = 0;
        if (!Utf8.IsValid(document))
        {
            halves = HalfSurrogates.ReplaceBytes(document);
            if (halves == 0 || !Utf8.IsValid(document))
            {
                return PayloadProblem.InvalidText;
            }
        }

        try
        {
            var reader = new Utf8JsonReader(document, Options);
            while (reader.Read())
            {
                if (reader.ValueIsEscaped)
                {
                    // Behind the quote; the reader has been there.
                    halves += HalfSurrogates.ReplaceEscapes(document.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length));
                }
            }

            return PayloadProblem.None;
        }
        catch (JsonException)
        {
            return PayloadProblem.InvalidJson;
        }
    }
}

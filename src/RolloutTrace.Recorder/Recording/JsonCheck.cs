using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Recording;

/// <summary>Whether bytes are a document that every reader of the bundle can read.</summary>
internal static class JsonCheck
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = BundleJsonContext.Default.Options.MaxDepth };

    /// <summary>What is wrong with the document; none if it is one JSON value in UTF-8, not too deep, without lone surrogates.</summary>
    public static PayloadProblem Find(ReadOnlySpan<byte> document)
    {
        if (!Utf8.IsValid(document))
        {
            return PayloadProblem.InvalidText;
        }

        try
        {
            var reader = new Utf8JsonReader(document, Options);
            while (reader.Read())
            {
                if (reader.ValueIsEscaped && HasLoneSurrogate(reader.ValueSpan))
                {
                    return PayloadProblem.InvalidText;
                }
            }

            return PayloadProblem.None;
        }
        catch (JsonException)
        {
            return PayloadProblem.InvalidJson;
        }
    }

    // The reader does not look into escapes until somebody asks for the text.
    private static bool HasLoneSurrogate(ReadOnlySpan<byte> text)
    {
        var expectsLow = false;
        while (true)
        {
            var escape = text.IndexOf((byte)'\\');
            if (escape != 0 && expectsLow)
            {
                return true;
            }

            if (escape < 0)
            {
                return false;
            }

            text = text[escape..];
            var isUnicode = text[1] == 'u';
            var unit = isUnicode ? ushort.Parse(text[2..6], NumberStyles.AllowHexSpecifier) : 0;
            if (char.IsLowSurrogate((char)unit) != expectsLow)
            {
                return true;
            }

            expectsLow = char.IsHighSurrogate((char)unit);
            text = text[(isUnicode ? 6 : 2)..];
        }
    }
}

using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Overviews;

/// <summary>Reads the tokens in a response's payload, where that is possible without reading the rest.</summary>
internal static class ResponseUsage
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = BundleReaderOptions.MaxDepth };
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    /// <summary>The usage that a response tells; null if it tells none.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static RecordedTokenUsage? Parse(ReadOnlyMemory<byte> response)
    {
        if (Parse(response.Span, isWhole: true) is { } atRoot)
        {
            return atRoot;
        }

        // In a stream, or in what some envelope wraps, they stand elsewhere: there all of it says where.
        using var document = JsonDocument.Parse(response, Options);
        return Dialects.ReadResponse(document.RootElement, into: null).Usage is { } used ? RecordedTokenUsage.Of(used) : null;
    }

    /// <summary>The usage that the beginning of a response tells; null if it tells none, though the rest may.</summary>
    /// <exception cref="JsonException">It is not the beginning of JSON.</exception>
    public static RecordedTokenUsage? ParseHead(ReadOnlySpan<byte> head) => Parse(head, isWhole: false);

    private static RecordedTokenUsage? Parse(ReadOnlySpan<byte> response, bool isWhole)
    {
        var reader = new Utf8JsonReader(response, isWhole, new JsonReaderState(ReaderOptions));
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var dialect = Dialects.OfUsage(in reader);
            if (!reader.Read())
            {
                return null;
            }

            if (dialect is not null && reader.TokenType == JsonTokenType.StartObject)
            {
                if (!JsonDocument.TryParseValue(ref reader, out var usage))
                {
                    return null;
                }

                using (usage)
                {
                    return dialect.ReadUsage(usage.RootElement) is { } used ? RecordedTokenUsage.Of(used) : null;
                }
            }

            if (!reader.TrySkip())
            {
                return null;
            }
        }

        return null;
    }
}

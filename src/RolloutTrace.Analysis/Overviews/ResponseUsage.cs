using System.Text.Json;
using RolloutTrace.Reducer;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Overviews;

/// <summary>Reads the tokens in a response's payload without reading the rest.</summary>
internal static class ResponseUsage
{
    /// <summary>The usage that a response tells; null if it tells none.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static RecordedTokenUsage? Parse(ReadOnlySpan<byte> response) => Parse(response, isWhole: true);

    /// <summary>The usage that the beginning of a response tells; null if it tells none, though the rest may.</summary>
    /// <exception cref="JsonException">It is not the beginning of JSON.</exception>
    public static RecordedTokenUsage? ParseHead(ReadOnlySpan<byte> head) => Parse(head, isWhole: false);

    private static RecordedTokenUsage? Parse(ReadOnlySpan<byte> response, bool isWhole)
    {
        var reader = new Utf8JsonReader(response, isWhole, default);
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

using System.Text.Json;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Overviews;

/// <summary>Reads the tokens in a response's payload, by the rule of reduction: four numbers must be there.</summary>
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
            var isUsage = reader.ValueTextEquals("token_usage"u8);
            if (!reader.Read())
            {
                return null;
            }

            if (isUsage && reader.TokenType == JsonTokenType.StartObject)
            {
                if (!JsonDocument.TryParseValue(ref reader, out var usage))
                {
                    return null;
                }

                using (usage)
                {
                    return Of(usage.RootElement);
                }
            }

            if (!reader.TrySkip())
            {
                return null;
            }
        }

        return null;
    }

    /// <summary>The usage that an object tells; null if it tells none.</summary>
    public static RecordedTokenUsage? Of(JsonElement usage) =>
        Number(usage, "input_tokens") is { } input
        && Number(usage, "cached_input_tokens") is { } cached
        && Number(usage, "output_tokens") is { } output
        && Number(usage, "reasoning_output_tokens") is { } reasoning
            ? new RecordedTokenUsage
            {
                InputTokens = input,
                CachedInputTokens = cached,
                CacheWriteInputTokens = Number(usage, "cache_write_input_tokens") ?? 0,
                OutputTokens = output,
                ReasoningOutputTokens = reasoning,
            }
            : null;

    private static long? Number(JsonElement usage, string name) =>
        usage.ValueKind == JsonValueKind.Object && usage.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? Math.Max(0, number)
            : null;
}

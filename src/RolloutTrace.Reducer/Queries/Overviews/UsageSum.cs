using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Queries;

/// <summary>Adds up the tokens of responses, by the rules of reduction: four numbers must be there.</summary>
internal struct UsageSum
{
    public TokenUsage? Total { get; private set; }

    public void Add(BundleReader bundle, string responsePath)
    {
        try
        {
            using var payload = bundle.ReadPayload(new PayloadReference { RawPayloadId = "", Kind = PayloadKind.InferenceResponse, Path = responsePath });
            Total = TokenSum.Of([Total, Parse(payload.Span)]);
        }
        catch (Exception e) when (e is BundleException or JsonException)
        {
            // A response that cannot be read adds nothing to an overview; reduction is what reports it.
        }
    }

    private static TokenUsage? Parse(ReadOnlySpan<byte> response)
    {
        var reader = new Utf8JsonReader(response);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isUsage = reader.ValueTextEquals("token_usage"u8);
            reader.Read();
            if (isUsage && reader.TokenType == JsonTokenType.StartObject)
            {
                using var usage = JsonDocument.ParseValue(ref reader);
                return Number(usage, "input_tokens") is { } input
                    && Number(usage, "cached_input_tokens") is { } cached
                    && Number(usage, "output_tokens") is { } output
                    && Number(usage, "reasoning_output_tokens") is { } reasoning
                    ? new TokenUsage
                    {
                        InputTokens = input,
                        CachedInputTokens = cached,
                        CacheWriteInputTokens = Number(usage, "cache_write_input_tokens") ?? 0,
                        OutputTokens = output,
                        ReasoningOutputTokens = reasoning,
                    }
                    : null;
            }

            reader.Skip();
        }

        return null;
    }

    private static long? Number(JsonDocument usage, string name) =>
        usage.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? Math.Max(0, number)
            : null;
}

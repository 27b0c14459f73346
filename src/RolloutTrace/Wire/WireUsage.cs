using System.Text.Json;

namespace RolloutTrace.Wire;

/// <summary>
/// The tokens that a response used, in the words of any API. What an API counts apart is added, so that the counts of all mean the same:
/// input tokens with those that were read from a cache or written into one, output tokens with those of reasoning.
/// </summary>
internal static class WireUsage
{
    /// <summary>The counts; null if there is neither one of the input nor one of the output.</summary>
    public static TokenUsage? Read(JsonElement usage)
    {
        if (usage.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        return Gemini(usage) ?? Messages(usage) ?? OpenAI(usage);
    }

    private static TokenUsage? Gemini(JsonElement usage)
    {
        var input = Count(usage, "promptTokenCount", "prompt_token_count");
        var output = Count(usage, "candidatesTokenCount", "candidates_token_count");
        var thoughts = Count(usage, "thoughtsTokenCount", "thoughts_token_count") ?? 0;
        return input is null && output is null
            ? null
            : new TokenUsage(
                (input ?? 0) + (Count(usage, "toolUsePromptTokenCount", "tool_use_prompt_token_count") ?? 0),
                (output ?? 0) + thoughts,
                Count(usage, "cachedContentTokenCount", "cached_content_token_count") ?? 0,
                0,
                thoughts);
    }

    private static TokenUsage? Messages(JsonElement usage)
    {
        var read = Count(usage, "cache_read_input_tokens");
        var write = Count(usage, "cache_creation_input_tokens");
        if (read is null && write is null)
        {
            return null;
        }

        var cached = read ?? 0;
        var written = write ?? 0;
        return new TokenUsage((Count(usage, "input_tokens") ?? 0) + cached + written, Count(usage, "output_tokens") ?? 0, cached, written, 0);
    }

    private static TokenUsage? OpenAI(JsonElement usage)
    {
        var input = Count(usage, "input_tokens", "prompt_tokens");
        var output = Count(usage, "output_tokens", "completion_tokens");
        if (input is null && output is null)
        {
            return null;
        }

        var inputDetails = Either(usage, "input_tokens_details", "prompt_tokens_details");
        var outputDetails = Either(usage, "output_tokens_details", "completion_tokens_details");
        return new TokenUsage(
            input ?? 0,
            output ?? 0,
            Count(inputDetails, "cached_tokens") ?? Count(usage, "cached_input_tokens", "prompt_cache_hit_tokens") ?? 0,
            Count(inputDetails, "cache_write_tokens") ?? Count(usage, "cache_write_input_tokens") ?? 0,
            Count(outputDetails, "reasoning_tokens") ?? Count(usage, "reasoning_output_tokens") ?? 0);
    }

    private static JsonElement Either(JsonElement parent, string member, string other) =>
        JsonText.Member(parent, member) is { ValueKind: JsonValueKind.Object } value ? value : JsonText.Member(parent, other);

    private static long? Count(JsonElement parent, string member, string? other = null) =>
        JsonText.Member(parent, member) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var count) ? Math.Max(count, 0)
        : other is null ? null
        : Count(parent, other);
}

using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Codex;

/// <summary>The counts of a log, which only grow, as what was used from one to the next.</summary>
internal sealed class CodexTokens
{
    private TokenUsage total;

    /// <summary>What was used since the count before; null if a count tells nothing new.</summary>
    /// <param name="count">The event <c>token_count</c>.</param>
    public TokenUsage? Add(JsonElement count)
    {
        var info = JsonText.Member(count, "info");
        var last = JsonText.Member(info, "last_token_usage");
        if (JsonText.Member(info, "total_token_usage") is not { ValueKind: JsonValueKind.Object } sum)
        {
            return last.ValueKind == JsonValueKind.Object ? Some(Read(last)) : null;
        }

        var before = total;
        total = Read(sum);

        // Where it begins anew, the last answer's own count is all that is known.
        return total.InputTokens < before.InputTokens || total.OutputTokens < before.OutputTokens
            ? Some(last.ValueKind == JsonValueKind.Object ? Read(last) : total)
            : Some(Sum(total, before, -1));
    }

    /// <summary>Two counts together.</summary>
    public static TokenUsage? Sum(TokenUsage? first, TokenUsage? second) => first is { } one && second is { } other ? Sum(one, other, 1) : first ?? second;

    private static TokenUsage Sum(TokenUsage first, TokenUsage second, int sign) => new TokenUsage(
        first.InputTokens + (sign * second.InputTokens),
        first.OutputTokens + (sign * second.OutputTokens),
        first.CachedInputTokens + (sign * second.CachedInputTokens),
        first.CacheWriteInputTokens + (sign * second.CacheWriteInputTokens),
        first.ReasoningOutputTokens + (sign * second.ReasoningOutputTokens)).Sound();

    private static TokenUsage? Some(TokenUsage usage) => usage == default ? null : usage;

    private static TokenUsage Read(JsonElement usage) => new TokenUsage(
        Number(usage, "input_tokens"),
        Number(usage, "output_tokens"),
        Number(usage, "cached_input_tokens"),
        Number(usage, "cache_write_input_tokens"),
        Number(usage, "reasoning_output_tokens")).Sound();

    private static long Number(JsonElement usage, string name) =>
        JsonText.Member(usage, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : 0;
}

using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis;

/// <summary>Adds up tokens.</summary>
internal static class TokenSum
{
    /// <summary>The sum of what is known; null if nothing is.</summary>
    public static RecordedTokenUsage? Of(IEnumerable<RecordedTokenUsage?> usages)
    {
        RecordedTokenUsage? sum = null;
        foreach (var usage in usages)
        {
            sum = usage is null ? sum : sum is null ? usage : new RecordedTokenUsage
            {
                InputTokens = sum.InputTokens + usage.InputTokens,
                CachedInputTokens = sum.CachedInputTokens + usage.CachedInputTokens,
                CacheWriteInputTokens = sum.CacheWriteInputTokens + usage.CacheWriteInputTokens,
                OutputTokens = sum.OutputTokens + usage.OutputTokens,
                ReasoningOutputTokens = sum.ReasoningOutputTokens + usage.ReasoningOutputTokens,
            };
        }

        return sum;
    }
}

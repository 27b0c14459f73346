using System.Diagnostics;

namespace RolloutTrace.Spans;

/// <summary>Sums the tokens of a turn's requests. Safe for concurrent use.</summary>
internal sealed class TokenCounter
{
    private readonly Lock sync = new();
    private TokenUsage? sum;

    public void Add(in TokenUsage usage)
    {
        lock (sync)
        {
            sum = sum is not { } s ? usage : new TokenUsage(
                Sum(s.InputTokens, usage.InputTokens),
                Sum(s.OutputTokens, usage.OutputTokens),
                Sum(s.CachedInputTokens, usage.CachedInputTokens),
                Sum(s.CacheWriteInputTokens, usage.CacheWriteInputTokens),
                Sum(s.ReasoningOutputTokens, usage.ReasoningOutputTokens));
        }
    }

    // None of them is negative.
    private static long Sum(long one, long other) => one > long.MaxValue - other ? long.MaxValue : one + other;

    /// <summary>Sets the sums; nothing if no request told its usage.</summary>
    public void SetTags(Activity activity)
    {
        lock (sync)
        {
            if (sum is { } s)
            {
                SetTags(activity, s);
            }
        }
    }

    public static void SetTags(Activity activity, in TokenUsage usage)
    {
        activity.SetTag(RolloutAttributes.GenAI.UsageInputTokens, usage.InputTokens);
        activity.SetTag(RolloutAttributes.GenAI.UsageOutputTokens, usage.OutputTokens);
        activity.SetTag(RolloutAttributes.GenAI.UsageCacheReadInputTokens, usage.CachedInputTokens);
        activity.SetTag(RolloutAttributes.GenAI.UsageCacheWriteInputTokens, usage.CacheWriteInputTokens);
        activity.SetTag(RolloutAttributes.GenAI.UsageReasoningOutputTokens, usage.ReasoningOutputTokens);
    }
}

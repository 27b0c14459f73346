using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.AI;

namespace RolloutTrace.Extensions.AI.Requests;

/// <summary>What telemetry has said on the span of a request that is over, for a response of which the loop around it tells only the messages.</summary>
internal static class SpanFacts
{
    /// <summary>Whether the span says the tokens of its request.</summary>
    public static bool HasUsage(Activity? span) => span is { IsStopped: true } && span.GetTagItem(RolloutAttributes.GenAI.UsageInputTokens) is not null;

    /// <summary>The response, with what the span says of it; as it is where the span says nothing.</summary>
    public static ChatResponse Of(Activity? span, ChatResponse response) => !HasUsage(span) ? response : new ChatResponse(response.Messages)
    {
        ResponseId = span!.GetTagItem(RolloutAttributes.GenAI.ResponseId) as string ?? response.ResponseId,
        ConversationId = response.ConversationId,
        ModelId = span.GetTagItem(RolloutAttributes.GenAI.ResponseModel) as string ?? response.ModelId,
        FinishReason = response.FinishReason ?? Reason(span.GetTagItem(RolloutAttributes.GenAI.ResponseFinishReasons)),
        Usage = new UsageDetails
        {
            InputTokenCount = Count(span, RolloutAttributes.GenAI.UsageInputTokens),
            OutputTokenCount = Count(span, RolloutAttributes.GenAI.UsageOutputTokens),
            CachedInputTokenCount = Count(span, RolloutAttributes.GenAI.UsageCacheReadInputTokens),
            ReasoningTokenCount = Count(span, RolloutAttributes.GenAI.UsageReasoningOutputTokens),
        },
    };

    private static long? Count(Activity span, string name) => span.GetTagItem(name) switch
    {
        long count => count,
        int count => count,
        string text when long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var count) => count,
        _ => null,
    };

    // A list, or the JSON of one; of several reasons the first is the response's.
    private static ChatFinishReason? Reason(object? reasons) =>
        (reasons as string ?? (reasons as IEnumerable<string>)?.FirstOrDefault())?.Split(['[', ']', '"', ',', ' '], StringSplitOptions.RemoveEmptyEntries) is [var first, ..] ? new ChatFinishReason(first) : null;
}

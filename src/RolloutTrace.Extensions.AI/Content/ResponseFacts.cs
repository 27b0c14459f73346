using Microsoft.Extensions.AI;

namespace RolloutTrace.Extensions.AI.Content;

/// <summary>What a response says, in the words of the handles.</summary>
internal static class ResponseFacts
{
    /// <summary>The items of messages, a list.</summary>
    public static JsonPayload Items(IEnumerable<ChatMessage> messages) => AnyJson.Document(json =>
    {
        json.WriteStartArray();
        ItemWriter.Write(json, messages);
        json.WriteEndArray();
    });

    /// <summary>The tokens; null if the service told none.</summary>
    public static TokenUsage? Usage(UsageDetails? usage) => usage is null || (usage.InputTokenCount is null && usage.OutputTokenCount is null)
        ? null
        : new TokenUsage(
            usage.InputTokenCount ?? 0,
            usage.OutputTokenCount ?? 0,
            CachedInputTokens: usage.CachedInputTokenCount ?? 0,
            ReasoningOutputTokens: usage.ReasoningTokenCount ?? 0);

    /// <summary>What else is known of a response.</summary>
    public static ModelResponseDetails Details(ChatResponse response) => new()
    {
        ResponseModel = response.ModelId,
        FinishReasons = response.FinishReason is { } reason ? [reason.Value] : null,
    };

    /// <summary>Text that people read: what the model said last.</summary>
    public static string LastText(IList<ChatMessage> messages) => messages.Count == 0 ? string.Empty : messages[^1].Text;

    /// <summary>The calls in messages for which a function of the program has to run, if somebody agrees.</summary>
    public static IEnumerable<FunctionCallContent> Calls(IEnumerable<ChatMessage> messages)
    {
        foreach (var message in messages)
        {
            foreach (var content in message.Contents)
            {
                if ((content is ToolApprovalRequestContent held ? held.ToolCall : content) is FunctionCallContent call)
                {
                    yield return call;
                }
            }
        }
    }
}

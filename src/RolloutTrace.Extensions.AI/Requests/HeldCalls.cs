using Microsoft.Extensions.AI;
using RolloutTrace.Extensions.AI.Conversations;

namespace RolloutTrace.Extensions.AI.Requests;

/// <summary>Calls that function invocation holds back until somebody agrees, as they stand in the messages that it is given.</summary>
internal static class HeldCalls
{
    /// <summary>The calls that somebody has agreed to, or has not: they are carried out before anything is asked, and the request shows what came of them.</summary>
    public static HashSet<string> AgreedOn(ChatMessage[] messages, Conversation conversation) => messages
        .SelectMany(static message => message.Contents)
        .OfType<ToolApprovalResponseContent>()
        .Select(static answer => (answer.ToolCall as FunctionCallContent)?.CallId)
        .OfType<string>()
        .Where(conversation.Knows)
        .ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether a call is one of those that function invocation holds back.</summary>
    public static bool IsHeld(FunctionCallContent call, ChatOptions? options) =>
        options?.Tools?.Any(tool => tool.Name == call.Name && tool is AIFunction function && function.GetService<ApprovalRequiredAIFunction>() is not null) == true;

    /// <summary>The messages as the model is shown them: a call that was carried out later stands there once, and nobody was asked about it.</summary>
    public static ChatMessage[] AsSent(ChatMessage[] messages)
    {
        if (!messages.Any(static message => message.Contents.Any(static content => content is ToolApprovalRequestContent or ToolApprovalResponseContent)))
        {
            return messages;
        }

        var carriedOut = messages.SelectMany(static message => message.Contents).OfType<FunctionCallContent>().Select(static call => call.CallId).ToHashSet(StringComparer.Ordinal);
        return [.. messages.Select(message => Without(message, carriedOut)).OfType<ChatMessage>()];
    }

    private static ChatMessage? Without(ChatMessage message, HashSet<string> carriedOut)
    {
        if (!message.Contents.Any(content => IsOf(content, carriedOut)))
        {
            return message;
        }

        var others = message.Contents.Where(content => !IsOf(content, carriedOut)).ToList();
        return others.Count == 0 ? null : new ChatMessage(message.Role, others) { AuthorName = message.AuthorName, MessageId = message.MessageId, AdditionalProperties = message.AdditionalProperties };
    }

    private static bool IsOf(AIContent content, HashSet<string> carriedOut) =>
        content is ToolApprovalResponseContent || (content is ToolApprovalRequestContent { ToolCall: FunctionCallContent call } && carriedOut.Contains(call.CallId));
}

using Microsoft.Extensions.AI;
using RolloutTrace.Extensions.AI.Content;
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

    /// <summary>
    /// The messages as function invocation shows them when calls that it held back have been answered for: what stood beside these is a message of its own,
    /// and those that were refused come before those that are carried out.
    /// </summary>
    public static IEnumerable<ChatMessage> Parted(ChatMessage[] messages)
    {
        var answers = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var answer in messages.SelectMany(static message => message.Contents).OfType<ToolApprovalResponseContent>())
        {
            if (answer.ToolCall is FunctionCallContent call)
            {
                answers[call.CallId] = answer.Approved;
            }
        }

        return answers.Count == 0 ? AsSent(messages) : AsSent(messages).SelectMany(message => Parted(message, answers));
    }

    /// <summary>Has a history show, in place of a call that was held, all that was asked for with it.</summary>
    public static void TellWith(List<ChatMessage> history, string callId, IList<AIContent> asked)
    {
        var place = history.FindLastIndex(message => message.Contents.Any(content => CallIn(content)?.CallId == callId));
        if (place < 0)
        {
            return;
        }

        var held = history[place];
        var shown = held.Contents.Select(CallIn).OfType<FunctionCallContent>().Select(static call => call.CallId).ToHashSet(StringComparer.Ordinal);
        IList<AIContent> contents = held.Contents.All(static content => CallIn(content) is not null)
            ? asked
            : [.. held.Contents, .. asked.Where(content => CallIn(content) is { } call && !shown.Contains(call.CallId))];
        history[place] = Copy(held, contents);
    }

    private static IEnumerable<ChatMessage> Parted(ChatMessage message, Dictionary<string, bool> answers)
    {
        var held = message.Contents.Where(content => HeldIn(content) is { } call && answers.ContainsKey(call.CallId)).ToList();
        if (held.Count == 0)
        {
            yield return message;
            yield break;
        }

        if (held.Count < message.Contents.Count)
        {
            yield return Copy(message, [.. message.Contents.Except(held)]);
        }

        yield return Copy(message, [.. held.OrderBy(content => answers[HeldIn(content)!.CallId])]);
    }

    private static FunctionCallContent? HeldIn(AIContent content) => (content as ToolApprovalRequestContent)?.ToolCall as FunctionCallContent;

    private static FunctionCallContent? CallIn(AIContent content) => (content is ToolApprovalRequestContent request ? request.ToolCall : content) as FunctionCallContent;

    private static ChatMessage Copy(ChatMessage message, IList<AIContent> contents) =>
        new(message.Role, contents) { AuthorName = message.AuthorName, MessageId = message.MessageId, AdditionalProperties = message.AdditionalProperties };

    private static ChatMessage? Without(ChatMessage message, HashSet<string> carriedOut)
    {
        if (!message.Contents.Any(content => IsOf(content, carriedOut)))
        {
            return message;
        }

        var others = message.Contents.Where(content => !IsOf(content, carriedOut)).ToList();
        return others.All(ItemWriter.SaysNothing) ? null : Copy(message, others);
    }

    private static bool IsOf(AIContent content, HashSet<string> carriedOut) =>
        content is ToolApprovalResponseContent || (content is ToolApprovalRequestContent { ToolCall: FunctionCallContent call } && carriedOut.Contains(call.CallId));
}

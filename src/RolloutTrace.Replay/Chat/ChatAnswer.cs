using System.Text.Json;
using Microsoft.Extensions.AI;
using RolloutTrace.Replay.Answers;

namespace RolloutTrace.Replay.Chat;

/// <summary>Recorded answers as a chat client gives them.</summary>
internal static class ChatAnswer
{
    /// <summary>The answer as one.</summary>
    public static ChatResponse Whole(RecordedAnswer answer, string? conversationId)
    {
        var messages = new List<ChatMessage>();
        foreach (var item in answer.Items)
        {
            var role = RoleOf(item);
            if (messages is not [.., var last] || last.Role != role || (last.AuthorName != item.Name && item.Kind == AnswerItemKind.Message))
            {
                messages.Add(last = new ChatMessage { Role = role, AuthorName = item.Kind == AnswerItemKind.Message ? item.Name : null, MessageId = item.Id });
            }

            foreach (var content in ContentsOf(item))
            {
                last.Contents.Add(content);
            }
        }

        return new ChatResponse(messages)
        {
            ResponseId = answer.ResponseId,
            ConversationId = conversationId,
            ModelId = answer.Model,
            CreatedAt = CreatedAt(answer),
            FinishReason = new ChatFinishReason(answer.FinishReason),
            Usage = UsageOf(answer),
        };
    }

    /// <summary>The answer as a stream: text word by word, calls whole, usage and the reason why it stopped last.</summary>
    public static IEnumerable<ChatResponseUpdate> Updates(RecordedAnswer answer, string? conversationId)
    {
        foreach (var item in answer.Items)
        {
            // The items of one message belong together, and so are given one id; another speaker has another.
            var id = $"{answer.Request.Id}-{RoleOf(item).Value}-{(item.Kind == AnswerItemKind.Message ? item.Name : "")}";
            foreach (var content in ContentsOf(item))
            {
                foreach (var piece in PiecesOf(content))
                {
                    yield return Update(answer, conversationId, RoleOf(item), [piece], id, item);
                }
            }
        }

        if (answer.Status != AnswerStatus.Completed)
        {
            yield break;
        }

        var end = Update(answer, conversationId, ChatRole.Assistant, UsageOf(answer) is { } usage ? [new UsageContent(usage)] : [], messageId: null, item: null);
        end.FinishReason = new ChatFinishReason(answer.FinishReason);
        yield return end;
    }

    private static ChatResponseUpdate Update(RecordedAnswer answer, string? conversationId, ChatRole role, IList<AIContent> contents, string? messageId, AnswerItem? item) => new(role, contents)
    {
        ResponseId = answer.ResponseId,
        ConversationId = conversationId,
        ModelId = answer.Model,
        CreatedAt = CreatedAt(answer),
        MessageId = messageId,
        AuthorName = item is { Kind: AnswerItemKind.Message } ? item.Name : null,
    };

    private static DateTimeOffset CreatedAt(RecordedAnswer answer) => DateTimeOffset.FromUnixTimeMilliseconds(answer.Request.Execution.StartedAtUnixMs);

    private static ChatRole RoleOf(AnswerItem item) => item.Kind == AnswerItemKind.Output ? ChatRole.Tool : new ChatRole(item.Role ?? "assistant");

    private static IEnumerable<AIContent> PiecesOf(AIContent content) => content switch
    {
        TextContent text => Pieces.Of(text.Text).Select(static piece => (AIContent)new TextContent(piece)),
        TextReasoningContent { ProtectedData: null } text => Pieces.Of(text.Text).Select(static piece => (AIContent)new TextReasoningContent(piece)),
        _ => [content],
    };

    private static IEnumerable<AIContent> ContentsOf(AnswerItem item)
    {
        switch (item.Kind)
        {
            case AnswerItemKind.Message:
                return item.Parts.Select(ContentOf);
            case AnswerItemKind.Reasoning:
                return [new TextReasoningContent(string.Join('\n', item.Parts.Select(static part => part.Text ?? part.Json))) { ProtectedData = item.Encrypted }];
            case AnswerItemKind.Call:
                return [FunctionCallContent.CreateFromParsedArguments(item.Text, item.CallId ?? "", item.Name ?? "", static text => Arguments(text))];
            case AnswerItemKind.CustomCall:
                return [new FunctionCallContent(item.CallId ?? "", item.Name ?? "", new Dictionary<string, object?> { ["input"] = item.Text })];
            case AnswerItemKind.Output:
                return [new FunctionResultContent(item.CallId ?? "", item.Text)];
            default:
                return [Recorded(item.Json)];
        }
    }

    private static AIContent ContentOf(AnswerPart part) =>
        part.Text is null ? Recorded(part.Json!)
        : part.IsRefusal ? new ErrorContent(part.Text) { ErrorCode = "Refusal" }
        : new TextContent(part.Text);

    private static AIContent Recorded(string json) => new() { RawRepresentation = JsonElement.Parse(json) };

    private static Dictionary<string, object?>? Arguments(string text) =>
        text.Length == 0 ? [] : (Dictionary<string, object?>?)JsonSerializer.Deserialize(text, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(Dictionary<string, object?>)));

    private static UsageDetails? UsageOf(RecordedAnswer answer) => answer.Usage is not { } usage ? null : new UsageDetails
    {
        InputTokenCount = usage.InputTokens,
        OutputTokenCount = usage.OutputTokens,
        TotalTokenCount = usage.InputTokens + usage.OutputTokens,
        CachedInputTokenCount = usage.CachedInputTokens,
        ReasoningTokenCount = usage.ReasoningOutputTokens,
    };
}

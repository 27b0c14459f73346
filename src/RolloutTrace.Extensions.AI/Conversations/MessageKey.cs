using Microsoft.Extensions.AI;

namespace RolloutTrace.Extensions.AI.Conversations;

/// <summary>A message as it is known again where a history is shown in another form.</summary>
/// <param name="Hash">Of who says what.</param>
/// <param name="IsSaid">Whether it is more than calls and their results, which some programs leave out each time.</param>
internal readonly record struct MessageKey(UInt128 Hash, bool IsSaid)
{
    /// <summary>The keys of messages, in order, but for those of the system.</summary>
    public static List<MessageKey> Of(IEnumerable<ChatMessage> messages) => [.. messages.Where(static message => message.Role != ChatRole.System).Select(Of)];

    public static MessageKey Of(ChatMessage message) => new(
        HistoryChain.Of(message),
        message.Role != ChatRole.Tool && !message.Contents.All(static content => content is FunctionCallContent or FunctionResultContent or TextReasoningContent or UsageContent));
}

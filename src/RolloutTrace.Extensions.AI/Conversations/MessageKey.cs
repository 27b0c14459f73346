using Microsoft.Extensions.AI;

namespace RolloutTrace.Extensions.AI.Conversations;

/// <summary>A message as it is known again where a history is shown in another form. Messages of the system are none: they are told anew each time.</summary>
/// <param name="Hash">Of what it says.</param>
/// <param name="IsSaid">Whether it is more than calls and their results, which some programs leave out each time.</param>
internal readonly record struct MessageKey(ulong Hash, bool IsSaid)
{
    /// <summary>The keys of messages, in order.</summary>
    public static List<MessageKey> Of(IEnumerable<ChatMessage> messages) => [.. messages.Where(static message => message.Role != ChatRole.System).Select(Of)];

    private static MessageKey Of(ChatMessage message) => new(
        (ulong)HistoryChain.Of(message),
        message.Role != ChatRole.Tool && !message.Contents.All(static content => content is FunctionCallContent or FunctionResultContent or TextReasoningContent));
}

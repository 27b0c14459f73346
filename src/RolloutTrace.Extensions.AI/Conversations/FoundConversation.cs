namespace RolloutTrace.Extensions.AI.Conversations;

/// <summary>A conversation, and the rule by which it was found: <c>conversation_id</c>, <c>history</c> or <c>own</c>.</summary>
internal sealed record FoundConversation(Conversation Conversation, string Rule);

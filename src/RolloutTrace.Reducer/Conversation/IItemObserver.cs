namespace RolloutTrace.Reducer.Conversation;

/// <summary>
/// Links what the runtime did to what the model saw. It is told of what an event has shown when the event is applied but for that,
/// in the order in which it was seen, and then that this was all.
/// </summary>
internal interface IItemObserver
{
    /// <summary>An item was sent or received; <paramref name="isNew"/> the first time.</summary>
    void ItemSighted(ConversationItem item, bool isNew);

    /// <summary>
    /// Items were sent again that look as they did, and so need no look. They are those of <paramref name="items"/> from
    /// <paramref name="start"/> to before <paramref name="end"/>.
    /// </summary>
    void ItemsRepeated(IdList items, int start, int end)
    {
    }

    /// <summary>An inference call has a response, or another one than before.</summary>
    void ResponseSeen(string inferenceCallId, IdList former, IdList response)
    {
    }

    /// <summary>The event showed no more.</summary>
    void EventSeen()
    {
    }
}

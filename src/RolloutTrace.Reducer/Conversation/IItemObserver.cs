namespace RolloutTrace.Reducer.Conversation;

/// <summary>Links what the runtime did to what the model saw, as items appear.</summary>
internal interface IItemObserver
{
    /// <summary>An item was sent or received; <paramref name="isNew"/> the first time.</summary>
    void ItemSighted(ConversationItem item, bool isNew);
}

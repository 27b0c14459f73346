namespace RolloutTrace.Reducer.Replay;

/// <summary>Notes what made an item.</summary>
internal static class ProducerLinks
{
    public static void AddProducer(this ReplayState state, string itemId, ConversationProducer producer)
    {
        var item = state.Items[itemId];
        if (!item.ProducedBy.Contains(producer))
        {
            state.Items.Set(itemId, item with { ProducedBy = [.. item.ProducedBy, producer] });
        }
    }
}

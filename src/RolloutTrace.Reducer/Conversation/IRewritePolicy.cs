namespace RolloutTrace.Reducer.Conversation;

/// <summary>What it means that something other than before is sent in the place, or under the call id, of an item.</summary>
internal interface IRewritePolicy
{
    /// <summary>
    /// A history that may only grow has something other at <paramref name="index"/> than <paramref name="known"/>. Returns if
    /// what was sent is a new item in its place.
    /// </summary>
    /// <exception cref="Replay.ReductionFault">The event cannot be applied.</exception>
    void Rewritten(ConversationItem known, int index, string payloadId);

    /// <summary>
    /// A call id was used again with other content than <paramref name="known"/> has. Returns if what was sent is a new item.
    /// </summary>
    /// <exception cref="Replay.ReductionFault">The event cannot be applied.</exception>
    void CallIdReused(ConversationItem known, string callId);
}

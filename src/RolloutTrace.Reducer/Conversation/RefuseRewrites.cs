using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>History is never rewritten, and a call id always means the same.</summary>
internal sealed class RefuseRewrites : IRewritePolicy
{
    public void Rewritten(ConversationItem known, int index, string payloadId) =>
        throw ReductionFault.Contradiction($"payload {payloadId} rewrites history: the item at index {index} is not {known.ItemId}");

    public void CallIdReused(ConversationItem known, string callId) =>
        throw ReductionFault.Contradiction($"the model-visible call id {callId} was used again with other content than {known.ItemId} has");
}

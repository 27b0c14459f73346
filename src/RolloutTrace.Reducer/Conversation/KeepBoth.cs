using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Conversation;

/// <summary>
/// What was said is never rewritten: what is sent in its place, or under its call id, is an item of its own. What one request showed
/// and what the next one showed are both right. Where what was said came from a response that did not complete, going on without it
/// is what everybody does, and nothing is noted.
/// </summary>
internal sealed class KeepBoth(ReplayState state, Tolerance tolerance) : IRewritePolicy
{
    public void Rewritten(ConversationItem known, int index, string payloadId)
    {
        if (!IsOfBrokenResponse(known))
        {
            tolerance.Accept(new Defect
            {
                Severity = DiagnosticSeverity.Warning,
                Code = DiagnosticCodes.HistoryRewritten,
                FaultCode = DiagnosticCodes.Contradiction,
                What = $"payload {payloadId} rewrites history: the item at index {index} is not {known.ItemId}",
                Kept = "it is a new item in its place",
                Cause = $"history in {payloadId}",
            });
        }
    }

    public void CallIdReused(ConversationItem known, string callId)
    {
        var key = new ThreadLocalId(known.ThreadId, callId);
        if (!state.ReusedCallIds.Contains(key))
        {
            state.ReusedCallIds.Set(key, callId);
        }

        if (!IsOfBrokenResponse(known))
        {
            tolerance.Accept(Reuse(callId, $"the model-visible call id {callId} was used again with other content than {known.ItemId} has"));
        }
    }

    /// <summary>The defect that the use of a call id for several calls is, one a call id.</summary>
    public static Defect Reuse(string callId, string what) => new()
    {
        Severity = DiagnosticSeverity.Warning,
        Code = DiagnosticCodes.CallIdReused,
        FaultCode = DiagnosticCodes.Contradiction,
        What = what,
        Kept = "each is an item of its own, and calls and outputs belong together by their places",
        Cause = $"call id {callId}",
    };

    private bool IsOfBrokenResponse(ConversationItem item)
    {
        foreach (var producer in item.ProducedBy)
        {
            if (producer is InferenceProducer { InferenceCallId: var id })
            {
                return state.Inferences.Find(id)?.Execution.Status is not (ExecutionStatus.Completed or ExecutionStatus.Running);
            }
        }

        return false;
    }
}

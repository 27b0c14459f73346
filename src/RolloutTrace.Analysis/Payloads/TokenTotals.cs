using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Payloads;

/// <summary>
/// The tokens of a rollout, of what they were used in. Requests of compactions count like all others: they are among the dearest.
/// </summary>
internal sealed class TokenTotals
{
    private readonly RolloutIndex index;
    private readonly CompactionResponses responses;
    private readonly ILookup<string, RecordedCompactionRequest> byTurn;
    private readonly ILookup<string, RecordedCompactionRequest> byThread;

    public TokenTotals(RolloutIndex index, CompactionResponses responses)
    {
        this.index = index;
        this.responses = responses;
        byTurn = index.Graph.CompactionRequests.Values.ToLookup(static request => request.CodexTurnId, StringComparer.Ordinal);
        byThread = index.Graph.CompactionRequests.Values.ToLookup(static request => request.ThreadId, StringComparer.Ordinal);
    }

    /// <summary>The tokens of the rollout; null if none are known.</summary>
    public RecordedTokenUsage? All => Sum(index.Graph.InferenceCalls.Values, index.Graph.CompactionRequests.Values);

    /// <summary>The tokens of a turn's own requests; null if none are known.</summary>
    public RecordedTokenUsage? OfTurn(string turnId) => Sum(index.RequestsOfTurn(turnId), byTurn[turnId]);

    /// <summary>The tokens of a thread's own requests; null if none are known.</summary>
    public RecordedTokenUsage? OfThread(string threadId) => Sum(index.RequestsOfThread(threadId), byThread[threadId]);

    /// <summary>The tokens of a compaction's request; null if they are not known.</summary>
    public RecordedTokenUsage? Of(RecordedCompactionRequest request) => responses.Of(request).Usage;

    private RecordedTokenUsage? Sum(IEnumerable<InferenceCall> requests, IEnumerable<RecordedCompactionRequest> ofCompactions) =>
        TokenSum.Of(requests.Select(static request => request.Usage).Concat(ofCompactions.Select(Of)));
}

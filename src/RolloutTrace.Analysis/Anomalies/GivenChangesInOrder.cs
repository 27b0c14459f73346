using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Anomalies;

/// <summary>The changes in what requests gave, thread by thread.</summary>
internal static class GivenChangesInOrder
{
    public static IEnumerable<(InferenceCall Request, GivenChange Change)> Of(OpenRollout rollout)
    {
        foreach (var thread in rollout.Graph.Threads.Values.OrderBy(static thread => thread.Execution.StartedSeq))
        {
            foreach (var request in rollout.Index.RequestsOfThread(thread.ThreadId))
            {
                if (rollout.GivenChangeOf(request) is { } change)
                {
                    yield return (request, change);
                }
            }
        }
    }

    /// <summary>Both requests' payloads, the one before first.</summary>
    public static IReadOnlyList<Evidence> EvidenceOf(RolloutGraph graph, InferenceCall request, GivenChange change) =>
    [
        .. Evidence.Payload(graph, graph.InferenceCalls[change.BeforeInferenceCallId].RawRequestPayloadId),
        .. Evidence.Payload(graph, request.RawRequestPayloadId),
    ];
}

using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Invariants;

/// <summary>Model requests, what they sent and got, and the tool calls that they led to.</summary>
internal sealed class InferenceInvariants(InvariantScope scope)
{
    private readonly RolloutGraph graph = scope.Graph;

    public void Check()
    {
        // Requests repeat their histories, so a list is looked through only where it goes on from the one before:
        // each part of shared storage once.
        var soundRequests = new Dictionary<string, IdList>(StringComparer.Ordinal);
        foreach (var (key, call) in graph.InferenceCalls.OrderBy(static entry => entry.Value.Execution.StartedSeq))
        {
            scope.Key("inference", key, call.InferenceCallId);
            var subject = call.InferenceCallId;
            scope.Context(subject, call.ThreadId, call.CodexTurnId);
            scope.Window(subject, call.Execution);
            scope.Payload(subject, call.RawRequestPayloadId);
            scope.Payload(subject, call.RawResponsePayloadId);
            Request(call, soundRequests);
            Response(call);
            foreach (var id in call.ToolCallIdsStartedByResponse)
            {
                // Sightings are linked by call id alone, so a call that another thread shows can be this thread's.
                scope.Resolves(graph.ToolCalls, subject, "tool call", id);
            }
        }
    }

    private void Request(InferenceCall call, Dictionary<string, IdList> soundRequests)
    {
        var known = 0;
        if (soundRequests.TryGetValue(call.ThreadId, out var before) && call.RequestItemIds.Count >= before.Count && call.RequestItemIds.Take(before.Count).Equals(before))
        {
            known = before.Count;
        }

        for (var i = known; i < call.RequestItemIds.Count; i++)
        {
            scope.Item(call.InferenceCallId, call.ThreadId, call.RequestItemIds[i]);
        }

        soundRequests[call.ThreadId] = call.RequestItemIds;
    }

    private void Response(InferenceCall call)
    {
        if (call.RawResponsePayloadId is null && call.ResponseItemIds.Count > 0)
        {
            scope.Report(InvariantCodes.UnresolvedId, call.InferenceCallId, $"inference {call.InferenceCallId} has response items, but no payload that they are from");
        }

        var producer = new InferenceProducer { InferenceCallId = call.InferenceCallId };
        foreach (var id in call.ResponseItemIds)
        {
            if (scope.Item(call.InferenceCallId, call.ThreadId, id) is { } item && !item.ProducedBy.Contains(producer))
            {
                scope.OneSided($"inference {call.InferenceCallId}", id, "as an item of its response");
            }
        }
    }
}

using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Anomalies;

/// <summary>Calls without output and outputs without call, by call id in one conversation.</summary>
internal static class OpenCalls
{
    public static IEnumerable<RolloutAnomaly> Find(RolloutIndex index)
    {
        var graph = index.Graph;
        var calls = new Dictionary<(string ThreadId, string CallId), ConversationItem>();
        var outputs = new Dictionary<(string ThreadId, string CallId), ConversationItem>();
        foreach (var item in graph.Threads.Values.SelectMany(static thread => thread.ConversationItemIds).Select(id => graph.ConversationItems[id]))
        {
            if (item.CallId is { } callId)
            {
                var isCall = item.Kind is ConversationItemKind.FunctionCall or ConversationItemKind.CustomToolCall;
                (isCall ? calls : outputs).TryAdd((item.ThreadId, callId), item);
            }
        }

        foreach (var (key, item) in calls)
        {
            if (!outputs.ContainsKey(key) && WhyOpen(index, item) is { } why)
            {
                yield return Anomaly(AnomalyCodes.CallWithoutOutput, graph, item, $"{item.ItemId} calls a tool as {key.CallId}, and the conversation has no output for it{why}");
            }
        }

        foreach (var (key, item) in outputs)
        {
            if (!calls.ContainsKey(key))
            {
                yield return Anomaly(AnomalyCodes.OutputWithoutCall, graph, item, $"{item.ItemId} answers the call {key.CallId}, which the conversation does not have");
            }
        }
    }

    // A call of a turn that was interrupted, failed, or goes on need not have an output, as long as no model is shown it so.
    private static string? WhyOpen(RolloutIndex index, ConversationItem call) =>
        index.FirstRequestWith(call.ItemId) is { } request ? $"; request {request.InferenceCallId} sent it so"
        : call.CodexTurnId is { } turnId && index.Graph.CodexTurns[turnId].Execution.Status == ExecutionStatus.Completed ? $", though turn {turnId} completed"
        : null;

    private static RolloutAnomaly Anomaly(string code, RolloutGraph graph, ConversationItem item, string message)
    {
        var response = item.ProducedBy.OfType<InferenceProducer>().Select(producer => graph.InferenceCalls[producer.InferenceCallId]).FirstOrDefault();
        return new RolloutAnomaly
        {
            Code = code,
            Subject = item.ItemId,
            Message = message,
            Evidence = [.. Evidence.Payload(graph, response?.RawResponsePayloadId)],
        };
    }
}

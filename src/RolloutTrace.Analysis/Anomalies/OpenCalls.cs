using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Anomalies;

/// <summary>
/// Calls without output and outputs without call, by call id in one conversation. Ids may be used again: then an output belongs to the
/// nearest call before it that has none.
/// </summary>
internal sealed class OpenCalls
{
    private readonly RolloutIndex index;
    private readonly KnownHistories known;
    private readonly Predicate<InferenceCall> isReconstructed;
    private readonly bool isCopy;
    private readonly Dictionary<string, HashSet<string>> openIn = new(StringComparer.Ordinal);
    private HashSet<string>? handedOn;

    private OpenCalls(RolloutIndex index, KnownHistories known, Predicate<InferenceCall> isReconstructed, bool isCopy)
    {
        this.isReconstructed = isReconstructed;
        this.index = index;
        this.known = known;
        this.isCopy = isCopy;
    }

    /// <summary>Finds them.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="known">What is known of its histories.</param>
    /// <param name="isCopy">Whether the rollout went on behind the end of the bundle.</param>
    public static IEnumerable<RolloutAnomaly> Find(OpenRollout rollout, KnownHistories known, bool isCopy)
    {
        var index = rollout.Index;
        var open = new OpenCalls(index, known, request => RecordedAs.IsReconstructed(rollout, request), isCopy);
        var byCallId = index.Graph.Threads.Values
            .SelectMany(static thread => thread.ConversationItemIds)
            .Select(id => index.Graph.ConversationItems[id])
            .Where(static item => item.CallId is not null)
            .GroupBy(static item => new CallIdInThread(item.ThreadId, item.CallId!));
        var anomalies = byCallId.SelectMany(ofId => open.Of([.. ofId.Where(PairedCalls.IsCall)], [.. ofId.Where(static item => !PairedCalls.IsCall(item))])).ToList();
        return anomalies.Where(static anomaly => anomaly.Code == AnomalyCodes.CallWithoutOutput).Concat(anomalies.Where(static anomaly => anomaly.Code == AnomalyCodes.OutputWithoutCall));
    }

    private IEnumerable<RolloutAnomaly> Of(IReadOnlyList<ConversationItem> calls, IReadOnlyList<ConversationItem> outputs)
    {
        if (calls.Count == 0)
        {
            if (!MayHaveACall(outputs[0]))
            {
                yield return Anomaly(AnomalyCodes.OutputWithoutCall, outputs[0], $"{outputs[0].ItemId} answers the call {outputs[0].CallId}, which the conversation does not have");
            }

            yield break;
        }

        if (calls.Count <= outputs.Count)
        {
            yield break;
        }

        foreach (var call in calls.Where(call => !IsCopied(call, calls)))
        {
            if (WhyOpen(call) is { } why)
            {
                yield return Anomaly(AnomalyCodes.CallWithoutOutput, call, $"{call.ItemId} calls a tool as {call.CallId}, and the conversation has no output for it{why}");
            }
        }
    }

    // A history that was made shorter while a call was under way has the call once more: that one is answered, or is not.
    private bool IsCopied(ConversationItem call, IReadOnlyList<ConversationItem> calls) =>
        index.FirstRequestWith(call.ItemId) is null && !IsMade(call) && calls.SkipWhile(other => !ReferenceEquals(other, call)).Any(IsMade);

    private static bool IsMade(ConversationItem item) => item.ProducedBy.Any(static producer => producer is CompactionProducer);

    // What is not known may have held it.
    private bool MayHaveACall(ConversationItem output)
    {
        var seq = index.FirstRequestWith(output.ItemId) is not { } request ? long.MaxValue : known.IsUnsure(request) ? (long?)null : request.Execution.StartedSeq;
        return seq is null || known.AnyUnknownUntil(output.ThreadId, seq.Value) || known.IsEventLostBetween(0, seq.Value);
    }

    // A call of a turn that was interrupted, failed, or goes on need not have an output, nor one of a response that was given up, as long
    // as no model is shown it so.
    private string? WhyOpen(ConversationItem call)
    {
        if (index.FirstRequestWith(call.ItemId) is { } request)
        {
            return !known.IsUnsure(request) && !(IsOfAbortedTurn(call) && isReconstructed(request)) && OpenIn(request).Contains(call.ItemId) ? $"; request {request.InferenceCallId} sent it so" : null;
        }

        var response = ResponseOf(call);
        var seq = response?.Execution.StartedSeq ?? 0;
        if (isCopy || response is { Execution.Status: not ExecutionStatus.Completed } || known.AnyUnknownFrom(call.ThreadId, seq) || known.IsEventLostBetween(seq, long.MaxValue) || known.IsDamagedWithin(seq, long.MaxValue))
        {
            return null;
        }

        if (IsWithoutResult(call) || (response is not null && IsHandedOn(response)))
        {
            return null;
        }

        return call.CodexTurnId is { } turnId && index.Graph.CodexTurns[turnId].Execution.Status == ExecutionStatus.Completed ? $", though turn {turnId} completed" : null;
    }

    // A call that was carried out and gave nothing, such as one that hands the work to another agent, has nothing to be shown.
    private bool IsWithoutResult(ConversationItem call) =>
        index.Graph.ToolCalls.Values.Any(tool => tool is { Execution.Status: ExecutionStatus.Completed, RawResultPayloadId: null } && tool.ModelVisibleCallItemIds.Contains(call.ItemId));

    // Where an agent has begun when the call that brought it about had ended, the conversation goes on there: what else was asked for in
    // that response is told to that agent.
    private bool IsHandedOn(InferenceCall response)
    {
        handedOn ??= [.. index.Graph.Threads.Values
            .Where(thread => index.SpawnerOf(thread) is { Execution.EndedSeq: { } ended } && thread.Execution.StartedSeq > ended)
            .SelectMany(thread => index.SpawnerOf(thread)!.ModelVisibleCallItemIds)];
        return response.ResponseItemIds.Any(handedOn.Contains);
    }

    // Clients put something in the place of an output that never came, and logs do not have it.
    private bool IsOfAbortedTurn(ConversationItem call) => call.CodexTurnId is { } turnId && index.Graph.CodexTurns[turnId].Execution.Status == ExecutionStatus.Aborted;

    private HashSet<string> OpenIn(InferenceCall request)
    {
        if (openIn.TryGetValue(request.InferenceCallId, out var open))
        {
            return open;
        }

        open = PairedCalls.Of(request.RequestItemIds.Select(id => index.Graph.ConversationItems[id]))
            .Where(static pair => pair.Output is null)
            .Select(static pair => pair.Call.ItemId)
            .ToHashSet(StringComparer.Ordinal);
        openIn.Add(request.InferenceCallId, open);
        return open;
    }

    private InferenceCall? ResponseOf(ConversationItem item) =>
        item.ProducedBy.OfType<InferenceProducer>().Select(producer => index.Graph.InferenceCalls.GetValueOrDefault(producer.InferenceCallId)).FirstOrDefault();

    private RolloutAnomaly Anomaly(string code, ConversationItem item, string message) => new()
    {
        Code = code,
        Subject = item.ItemId,
        Message = message,
        Evidence = [.. Evidence.Payload(index.Graph, ResponseOf(item)?.RawResponsePayloadId)],
    };

    private sealed record CallIdInThread(string ThreadId, string CallId);
}

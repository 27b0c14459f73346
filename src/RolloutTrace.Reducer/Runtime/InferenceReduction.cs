using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Conversation;
using RolloutTrace.Reducer.Replay;
using RolloutTrace.Wire;

namespace RolloutTrace.Reducer.Runtime;

/// <summary>Model requests and their responses.</summary>
internal sealed class InferenceReduction(
    ReplayState state,
    PayloadReader payloads,
    ItemNormalizer normalizer,
    ItemSightings sightings,
    RequestReduction requests,
    ToolCallLinks toolLinks,
    CodeCellReduction cells)
{
    private readonly JournaledTable<string, IdList> byTurn = new(state.Journal, StringComparer.Ordinal);

    public void Start(RawEvent raw, InferenceStartedEvent e)
    {
        if (state.Inferences.Contains(e.InferenceCallId))
        {
            throw ReductionFault.Contradiction($"inference {e.InferenceCallId} has started already");
        }

        state.TurnOfThread(e.CodexTurnId, e.ThreadId, $"the start of inference {e.InferenceCallId}");
        var items = requests.Reduce(new Sighting(raw, e.ThreadId, e.CodexTurnId, e.RequestPayload));
        state.Inferences.Set(e.InferenceCallId, new InferenceCall
        {
            InferenceCallId = e.InferenceCallId,
            ThreadId = e.ThreadId,
            CodexTurnId = e.CodexTurnId,
            Execution = ExecutionWindow.StartedBy(raw),
            Model = e.Model,
            ProviderName = e.ProviderName,
            RequestItemIds = items,
            RawRequestPayloadId = e.RequestPayload.RawPayloadId,
            Otel = raw.Otel?.Reference,
        });
        byTurn.Set(e.CodexTurnId, (byTurn.Find(e.CodexTurnId) ?? IdList.Empty).Append(e.InferenceCallId));
        cells.StartReady();
    }

    public void End(RawEvent raw, InferenceCompletedEvent e) =>
        End(raw, e.InferenceCallId, ExecutionStatus.Completed, e.ResponseId, e.UpstreamRequestId, e.ResponsePayload);

    public void End(RawEvent raw, InferenceFailedEvent e) =>
        End(raw, e.InferenceCallId, ExecutionStatus.Failed, responseId: null, e.UpstreamRequestId, e.PartialResponsePayload);

    public void End(RawEvent raw, InferenceCancelledEvent e) =>
        End(raw, e.InferenceCallId, ExecutionStatus.Cancelled, responseId: null, e.UpstreamRequestId, e.PartialResponsePayload);

    /// <summary>A turn's end ends the model requests that it leaves running.</summary>
    public void EndTurn(RawEvent raw, string turnId, ExecutionStatus turnStatus)
    {
        foreach (var id in byTurn.Find(turnId) ?? IdList.Empty)
        {
            var call = state.Inferences[id];
            if (call.Execution.Status == ExecutionStatus.Running && turnStatus != ExecutionStatus.Running)
            {
                var status = turnStatus == ExecutionStatus.Completed ? ExecutionStatus.Cancelled : turnStatus;
                state.Inferences.Set(id, call with { Execution = call.Execution.EndedBy(raw, status) });
            }
        }
    }

    // A turn's end may have closed the call before its response arrives; then only the response is news.
    private void End(RawEvent raw, string callId, ExecutionStatus status, string? responseId, string? upstreamRequestId, PayloadReference? payload)
    {
        var call = state.Inferences.Find(callId)
            ?? throw ReductionFault.Contradiction($"the end of inference {callId} names no known inference");
        IdList? response = null;
        RecordedTokenUsage? usage = null;
        if (payload is not null)
        {
            using var document = payloads.Open(payload);
            response = Response(new Sighting(raw, call.ThreadId, call.CodexTurnId, payload), document, callId, out var said);
            usage = said.Usage is { } used ? RecordedTokenUsage.Of(used) : null;
        }

        call = state.Inferences[callId];
        IndexResponseId(call, responseId);
        state.Inferences.Set(callId, call with
        {
            Execution = call.Execution.Status == ExecutionStatus.Running ? call.Execution.EndedBy(raw, status) : call.Execution,
            ResponseId = responseId,
            UpstreamRequestId = upstreamRequestId ?? call.UpstreamRequestId,
            RawResponsePayloadId = payload?.RawPayloadId ?? call.RawResponsePayloadId,
            ResponseItemIds = response ?? call.ResponseItemIds,
            Usage = usage ?? call.Usage,
        });
        if (response is not null)
        {
            toolLinks.SetResponse(callId, call.ResponseItemIds, response);
        }

        cells.StartReady();
    }

    private IdList Response(in Sighting sighting, PayloadDocument document, string callId, out WireResponse said)
    {
        var conversation = state.ConversationOf(sighting.ThreadId);
        var producer = new InferenceProducer { InferenceCallId = callId };
        var history = conversation.Snapshot.Value;
        var snapshot = history;
        var response = IdList.Empty;
        foreach (var item in normalizer.ReadResponse(document.Root, sighting.Payload.RawPayloadId, out said))
        {
            if (normalizer.Normalize(item, sighting.Payload.RawPayloadId) is { } content)
            {
                var id = sightings.AppendOnly(sighting, history, snapshot.Count, content, producer);
                snapshot = snapshot.Append(id);
                response = response.Append(id);
            }
        }

        conversation.Snapshot.Value = snapshot;
        return response;
    }

    private void IndexResponseId(InferenceCall call, string? responseId)
    {
        if (call.ResponseId == responseId)
        {
            return;
        }

        if (call.ResponseId is { } former)
        {
            var formerKey = new ThreadLocalId(call.ThreadId, former);
            var rest = IdList.From(state.InferencesByResponse[formerKey].Where(id => id != call.InferenceCallId));
            if (rest.Count > 0)
            {
                state.InferencesByResponse.Set(formerKey, rest);
            }
            else
            {
                state.InferencesByResponse.Remove(formerKey);
            }
        }

        if (responseId is not null)
        {
            var key = new ThreadLocalId(call.ThreadId, responseId);
            state.InferencesByResponse.Set(key, (state.InferencesByResponse.Find(key) ?? IdList.Empty).Append(call.InferenceCallId));
        }
    }
}

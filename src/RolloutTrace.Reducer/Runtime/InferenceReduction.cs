using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Conversation;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;
using RolloutTrace.Wire;

namespace RolloutTrace.Reducer.Runtime;

/// <summary>Model requests and their responses.</summary>
internal sealed class InferenceReduction(
    ReplayState state,
    Conversations conversations,
    PayloadReader payloads,
    Tolerance tolerance,
    EventPlaces places,
    ItemNormalizer normalizer,
    ItemSightings sightings,
    RequestReduction requests)
{
    private readonly LatestUses uses = new(state, tolerance, "inference");
    private readonly JournaledTable<string, IdList> byTurn = new(state.Journal, StringComparer.Ordinal);

    /// <summary>The id in the state of the model request that an event is about.</summary>
    public string IdOf(string inferenceCallId) => uses.Of(inferenceCallId);

    public void Start(RawEvent raw, InferenceStartedEvent e)
    {
        var id = uses.Next(raw, e.InferenceCallId, state.Inferences.Find(uses.Of(e.InferenceCallId))?.Execution);
        var what = $"the start of inference {e.InferenceCallId}";
        if (state.Turns.Find(e.CodexTurnId)?.ThreadId != e.ThreadId)
        {
            places.Thread(raw, e.ThreadId, what);
            places.TurnOf(raw, e.CodexTurnId, e.ThreadId, what);
        }

        var shown = requests.Reduce(new Sighting(raw, e.ThreadId, e.CodexTurnId, e.RequestPayload));
        if (shown.History.Cause is { } cause)
        {
            state.UnknownRequests.Set(id, cause);
        }

        state.Inferences.Set(id, new InferenceCall
        {
            InferenceCallId = id,
            ThreadId = e.ThreadId,
            CodexTurnId = e.CodexTurnId,
            Execution = ExecutionWindow.StartedBy(raw),
            Model = e.Model,
            ProviderName = e.ProviderName,
            RequestItemIds = shown.Items,
            RawRequestPayloadId = e.RequestPayload.RawPayloadId,
            Otel = raw.Otel?.Reference,
        });
        byTurn.Set(e.CodexTurnId, (byTurn.Find(e.CodexTurnId) ?? IdList.Empty).Append(id));
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
        var call = state.Inferences.Find(uses.Of(callId))
            ?? throw ReductionFault.Unknown($"the end of inference {callId} names no known inference", callId);
        callId = call.InferenceCallId;
        IdList? response = null;
        RecordedTokenUsage? usage = null;
        if (payload is not null)
        {
            using var opened = payloads.Open(payload);
            response = Response(new Sighting(raw, call.ThreadId, call.CodexTurnId, payload), opened, callId, out var said);
            usage = said.Usage is { } used ? RecordedTokenUsage.Of(used) : null;
        }

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
            sightings.Respond(callId, call.ResponseItemIds, response);
        }
    }

    // Null if nobody knows.
    private IdList? Response(in Sighting sighting, Payload payload, string callId, out WireResponse said)
    {
        var snapshot = conversations.Of(sighting.ThreadId).Snapshot;
        said = default;
        var defect = payload.Unreadable;
        var items = defect is null ? normalizer.ReadResponse(payload.Content.Root, sighting.Payload.RawPayloadId, out said, out defect) : null;
        if (defect is not null)
        {
            tolerance.Accept(defect);
        }

        if (items is null || payload.ReplacedBecause is not null)
        {
            var cause = defect?.Cause ?? RecorderMarker.CauseOf(sighting.Payload.RawPayloadId);
            state.UnknownResponses.Set(callId, cause);
            snapshot.Value = snapshot.Value.Lost(cause);
            if (items is not { Count: > 0 })
            {
                return null;
            }
        }

        var history = snapshot.Value;
        var resolver = sightings.Resolve(sighting, history, history.LastKnown, new InferenceProducer { InferenceCallId = callId });
        var response = IdList.Empty;
        foreach (var item in items)
        {
            if (normalizer.Normalize(item, sighting.Payload.RawPayloadId) is { } content)
            {
                response = response.Append(resolver.AtPlace(content));
            }
        }

        snapshot.Value = history.GrownTo(resolver.Items);
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

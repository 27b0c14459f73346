using RolloutTrace.Bundle;
using RolloutTrace.Payloads;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Exporting;

/// <summary>Spans of model requests, compactions and their requests.</summary>
internal sealed class ModelSpans(SpanScope scope)
{
    private readonly RolloutGraph graph = scope.Graph;

    public IEnumerable<RolloutSpan> Make()
    {
        var requestLinks = new RequestLinks(scope);
        foreach (var thread in graph.Threads.Values.OrderBy(static thread => thread.Execution.StartedSeq))
        {
            foreach (var (request, links) in requestLinks.OfThread(thread))
            {
                yield return Request(request, links);
            }
        }

        var requests = graph.CompactionRequests.Values.OrderBy(static request => request.Execution.StartedSeq).ToLookup(static request => request.CompactionId, StringComparer.Ordinal);
        foreach (var id in graph.Compactions.Keys.Union(requests.Select(static entry => entry.Key), StringComparer.Ordinal))
        {
            foreach (var span in OfCompaction(id, graph.Compactions.GetValueOrDefault(id), [.. requests[id]]))
            {
                yield return span;
            }
        }
    }

    private RolloutSpan Request(InferenceCall call, IReadOnlyList<RolloutSpanLink> links)
    {
        var attributes = Chat(call.ThreadId, call.CodexTurnId, call.ProviderName, call.Model, call.RawRequestPayloadId, call.RawResponsePayloadId, call.Otel is not null)
            .Add(RolloutAttributes.GenAI.ResponseId, call.ResponseId)
            .Add(RolloutAttributes.Inference.Id, call.InferenceCallId)
            .Add(RolloutAttributes.UpstreamRequestId, call.UpstreamRequestId)
            .Add(RolloutAttributes.Cancel.Reason, scope.Facts.CancelReasons.GetValueOrDefault(call.InferenceCallId))
            .Add(call.Usage);
        if (links.Any(static link => link.Kind == RolloutSpanLinkKind.CompactedBy))
        {
            attributes.Add(RolloutAttributes.GenAI.ConversationCompacted, true);
        }

        return scope.Make(
            scope.Request(call),
            scope.Turn(call.CodexTurnId),
            $"chat {call.Model}",
            attributes,
            call.Execution.StartedAtUnixMs,
            scope.EndOf(call.Otel, call.Execution),
            links,
            isClient: true,
            words: scope.Failures.Of(call));
    }

    private IEnumerable<RolloutSpan> OfCompaction(string id, RecordedCompaction? installed, IReadOnlyList<RecordedCompactionRequest> requests)
    {
        var threadId = installed?.ThreadId ?? requests[0].ThreadId;
        var turn = graph.CodexTurns[installed?.CodexTurnId ?? requests[0].CodexTurnId];
        var reference = scope.Compaction(id, installed, requests is [var one, ..] ? one : null);
        var model = scope.CarriedText(reference, RolloutAttributes.GenAI.RequestModel) ?? (requests is [var first, ..] ? first.Model : scope.ModelOf(turn)) ?? "unknown";
        var attributes = scope.Common(threadId, turn.CodexTurnId)
            .Add(RolloutAttributes.GenAI.RequestModel, model)
            .Add(RolloutAttributes.Compaction.Id, id)
            .Add(RolloutAttributes.Compaction.Installed, installed is not null);
        if (installed is not null)
        {
            attributes
                .Add(RolloutAttributes.GenAI.ConversationCompacted, true)
                .Add(RolloutAttributes.Compaction.InputItems, installed.InputItemIds.Count)
                .Add(RolloutAttributes.Compaction.ReplacementItems, installed.ReplacementItemIds.Count);
        }

        // The log has no event for a compaction's start: it started with its first request at the latest.
        var start = requests is [var earliest, ..] ? earliest.Execution.StartedAtUnixMs : installed!.InstalledAtUnixMs;
        yield return scope.Make(reference, scope.Turn(turn), $"compact {model}", attributes, start, End(installed, requests));
        foreach (var request in requests)
        {
            yield return Request(request, id, reference);
        }
    }

    private RolloutSpan Request(RecordedCompactionRequest request, string compactionId, SpanReference compaction)
    {
        var response = scope.CompactionResponses.Of(request);
        var attributes = Chat(request.ThreadId, request.CodexTurnId, request.ProviderName, request.Model, request.RawRequestPayloadId, request.RawResponsePayloadId, request.Otel is not null)
            .Add(RolloutAttributes.Compaction.Id, compactionId)
            .Add(RolloutAttributes.Compaction.RequestId, request.CompactionRequestId)
            .Add(RolloutAttributes.GenAI.ResponseId, response.ResponseId)
            .Add(RolloutAttributes.UpstreamRequestId, response.UpstreamRequestId)
            .Add(response.Usage);
        var run = request.Execution;
        return scope.Make(scope.CompactionRequest(request), compaction, $"chat {request.Model}", attributes, run.StartedAtUnixMs, (run.EndedAtUnixMs, run.Status), isClient: true, words: scope.Failures.Of(request));
    }

    // One that was given up has no event of its own; it ended with its last request at the earliest.
    private static (long? EndUnixMs, ExecutionStatus Status) End(RecordedCompaction? installed, IReadOnlyList<RecordedCompactionRequest> requests)
    {
        if (installed is not null)
        {
            return (installed.InstalledAtUnixMs, ExecutionStatus.Completed);
        }

        var end = requests.All(static request => request.Execution.EndedAtUnixMs is not null) ? requests.Max(static request => request.Execution.EndedAtUnixMs) : null;
        return (end, requests[^1].Execution.Status);
    }

    private SpanAttributes Chat(string threadId, string turnId, string providerName, string model, string requestPayloadId, string? responsePayloadId, bool isRecordedSpan)
    {
        var request = scope.Payload(requestPayloadId);
        var response = scope.Payload(responsePayloadId);
        return scope.Common(threadId, turnId, providerName)
            .Add(RolloutAttributes.GenAI.OperationName, "chat")
            .Add(RolloutAttributes.GenAI.RequestModel, model)
            .Add(RolloutAttributes.GenAI.RequestPreviousResponseId, isRecordedSpan ? null : PreviousResponse(request))
            .Add(RolloutAttributes.Payload.Request, request?.Path)
            .Add(RolloutAttributes.Payload.Response, response?.Path)
            .AddWhole(RolloutAttributes.GenAI.InputMessages, scope.Content?.OfRequest(request))
            .AddWhole(RolloutAttributes.GenAI.OutputMessages, scope.Content?.OfResponse(response));
    }

    // Events of a recorded span carry it. Other recordings have it in the request alone, behind the history, of which nothing is kept here.
    private string? PreviousResponse(PayloadReference? request) => scope.Payloads.Bytes(request, static utf8 => PayloadPeek.Member(utf8, "previous_response_id"));
}

using RolloutTrace.Bundle;
using RolloutTrace.Content;
using RolloutTrace.Reducer;
using RolloutTrace.Spans;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Exporting;

/// <summary>Spans of model requests, compactions and their requests.</summary>
internal sealed class ModelSpans(SpanScope scope)
{
    private readonly RolloutGraph graph = scope.Graph;

    public IEnumerable<SpanDraft> Make()
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

    private SpanDraft Request(InferenceCall call, IReadOnlyList<RolloutSpanLink> links)
    {
        var end = scope.EndOf(call.Otel, call.Execution);
        var isCompleted = end.Status == ExecutionStatus.Completed;
        var chat = Chat(scope.Request(call), call.ThreadId, call.CodexTurnId, call.ProviderName, call.Model, call.RawRequestPayloadId, call.RawResponsePayloadId, isCompleted);
        if (scope.Content is not null)
        {
            scope.Conversations.Add(
                call, scope.Payload(call.RawRequestPayloadId), chat.Request?.UserInput, scope.Payload(call.RawResponsePayloadId), isCompleted ? chat.Response : null, end.End);
        }

        var attributes = chat.Attributes
            .Add(RolloutAttributes.GenAI.ResponseId, call.ResponseId ?? chat.ResponseId)
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
            SpanScope.StartOf(call.Execution),
            end,
            links,
            isClient: true,
            words: scope.Words.Of(call));
    }

    private IEnumerable<SpanDraft> OfCompaction(string id, RecordedCompaction? installed, IReadOnlyList<RecordedCompactionRequest> requests)
    {
        var threadId = installed?.ThreadId ?? requests[0].ThreadId;
        var turn = graph.CodexTurns[installed?.CodexTurnId ?? requests[0].CodexTurnId];
        var reference = scope.Compaction(id, installed, requests is [var one, ..] ? one : null);
        var model = scope.CarriedText(reference, RolloutAttributes.Compaction.Model)
            ?? scope.CarriedText(reference, RolloutAttributes.GenAI.RequestModel)
            ?? (requests is [var first, ..] ? first.Model : scope.ModelOf(turn))
            ?? "unknown";
        var attributes = scope.Common(threadId, turn.CodexTurnId)
            .Add(RolloutAttributes.Compaction.Model, model)
            .Add(RolloutAttributes.Compaction.Id, id)
            .Add(RolloutAttributes.Compaction.Installed, installed is not null);
        if (installed is not null)
        {
            attributes
                .Add(RolloutAttributes.GenAI.ConversationCompacted, true)
                .Add(RolloutAttributes.Compaction.InputItems, installed.InputItemIds.Count)
                .Add(RolloutAttributes.Compaction.ReplacementItems, installed.ReplacementItemIds.Count);
        }

        // The log has no event for a compaction's start: it started before its first request, and before its end.
        var end = End(id, installed, requests);
        var start = requests is [var earliest, ..] ? SpanScope.StartOf(earliest.Execution) : end.End!.Value;
        start = end.End is { } ended && ended.CompareOrder(start) < 0 ? ended : start;
        var span = scope.Make(reference, scope.Turn(turn), $"compact {model}", attributes, start with { Order = start.Order - 1 }, end);

        // Earlier recordings had the model there, and back ends took the span for a model call.
        attributes.Remove(RolloutAttributes.GenAI.RequestModel);
        yield return span;
        foreach (var request in requests)
        {
            yield return Request(request, id, reference);
        }
    }

    private SpanDraft Request(RecordedCompactionRequest request, string compactionId, SpanReference compaction)
    {
        var response = scope.CompactionResponses.Of(request);
        var run = request.Execution;
        var chat = Chat(
            scope.CompactionRequest(request), request.ThreadId, request.CodexTurnId, request.ProviderName, request.Model, request.RawRequestPayloadId, request.RawResponsePayloadId, run.Status == ExecutionStatus.Completed);
        var attributes = chat.Attributes
            .Add(RolloutAttributes.Compaction.Id, compactionId)
            .Add(RolloutAttributes.Compaction.RequestId, request.CompactionRequestId)
            .Add(RolloutAttributes.GenAI.ResponseId, response.ResponseId)
            .Add(RolloutAttributes.UpstreamRequestId, response.UpstreamRequestId)
            .Add(response.Usage);
        return scope.Make(
            scope.CompactionRequest(request), compaction, $"chat {request.Model}", attributes, SpanScope.StartOf(run), SpanScope.EndOf(run), isClient: true, words: scope.Words.Of(request));
    }

    // One that was given up has no event of its own; it ended behind its last request.
    private (SpanMoment? End, ExecutionStatus Status) End(string id, RecordedCompaction? installed, IReadOnlyList<RecordedCompactionRequest> requests)
    {
        if (installed is not null)
        {
            return (new SpanMoment(installed.InstalledAtUnixMs, scope.Facts.CompactionSeqs.GetValueOrDefault(id)), ExecutionStatus.Completed);
        }

        var ends = requests.Select(static request => SpanScope.EndOf(request.Execution).End).OfType<SpanMoment>().Order(SpanMoment.InTime).ToList();
        return (ends.Count == requests.Count ? ends[^1] with { Order = 1 } : null, requests[^1].Execution.Status);
    }

    private (SpanAttributes Attributes, string? ResponseId, RequestContent? Request, ResponseContent? Response) Chat(
        SpanReference reference, string threadId, string turnId, string providerName, string model, string requestPayloadId, string? responsePayloadId, bool isCompleted)
    {
        var request = scope.Payload(requestPayloadId);
        var response = scope.Payload(responsePayloadId);
        var parameters = scope.Payloads.Bytes(request, static utf8 => RequestParameters.Read(utf8.Span));
        var answer = scope.Payloads.Document(response, document => ModelAnswer.OfPayload(document, isCompleted));
        var attributes = scope.Operation(threadId, turnId, "chat")
            .Add(RolloutAttributes.GenAI.ProviderName, ThreadFact.Known(providerName) ?? scope.ProviderOf(threadId))
            .Add(RolloutAttributes.GenAI.RequestModel, model)
            .Add(RolloutAttributes.GenAI.RequestPreviousResponseId, parameters.PreviousResponseId)
            .Add(RolloutAttributes.GenAI.ResponseModel, answer.Model)
            .Add(RolloutAttributes.Payload.Request, request?.Path)
            .Add(RolloutAttributes.Payload.Response, response?.Path);
        parameters.Tell(attributes, static (of, name, value) => of.Add(name, value));
        var reasons = scope.CarriedTexts(reference, RolloutAttributes.GenAI.ResponseFinishReasons) ?? (answer.FinishReasons is { } words ? SpanTags.Cut(words) : null);
        if (reasons is not null)
        {
            attributes.Add(RolloutAttributes.GenAI.ResponseFinishReasons, reasons);
        }

        AddReferences(attributes, request, response, parameters);
        var given = scope.Content?.OfRequest(request);
        var gave = scope.Content?.OfResponse(response, reasons);
        attributes
            .AddContent(RolloutAttributes.GenAI.SystemInstructions, given?.Instructions)
            .AddContent(RolloutAttributes.GenAI.ToolDefinitions, given?.Tools)
            .AddContent(RolloutAttributes.GenAI.InputMessages, given?.Input)
            .AddContent(RolloutAttributes.GenAI.OutputMessages, gave?.Output);
        return (attributes, answer.ResponseId, given, gave);
    }

    private void AddReferences(SpanAttributes attributes, PayloadReference? request, PayloadReference? response, in RequestParameters parameters)
    {
        if (request is not null && PayloadUri.Of(scope.ContentBaseUri, scope.BundleName, request.Path) is { } uri)
        {
            attributes
                .AddWhole(RolloutAttributes.GenAI.InputMessagesRef, uri)
                .AddWhole(RolloutAttributes.GenAI.SystemInstructionsRef, parameters.HasInstructions ? uri : null)
                .AddWhole(RolloutAttributes.GenAI.ToolDefinitionsRef, parameters.HasTools ? uri : null);
        }

        if (response is not null)
        {
            attributes.AddWhole(RolloutAttributes.GenAI.OutputMessagesRef, PayloadUri.Of(scope.ContentBaseUri, scope.BundleName, response.Path));
        }
    }
}

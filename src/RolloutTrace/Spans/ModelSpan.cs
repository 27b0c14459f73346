using System.Diagnostics;
using RolloutTrace.Content;
using RolloutTrace.Payloads;
using RolloutTrace.Wire;

namespace RolloutTrace.Spans;

/// <summary>What the spans of a model request and of a compaction's request have in common.</summary>
internal static class ModelSpan
{
    public static List<KeyValuePair<string, object?>> Tags(Turn turn, string model, string? providerName, Uri? endpoint)
    {
        var tags = turn.OperationTags("chat");
        tags.Add(RolloutAttributes.GenAI.ProviderName, providerName);
        tags.Add(RolloutAttributes.GenAI.RequestModel, model);
        if (endpoint is { IsAbsoluteUri: true, Host.Length: > 0 })
        {
            tags.Add(RolloutAttributes.Server.Address, endpoint.Host);
            if (endpoint.Port > 0)
            {
                tags.Add(new KeyValuePair<string, object?>(RolloutAttributes.Server.Port, endpoint.Port));
            }
        }

        return tags;
    }

    public static Activity? Create(ActivitySource source, string model, ActivityContext parent, List<KeyValuePair<string, object?>> tags) =>
        CurrentSpan.Create(source, $"chat {model}", ActivityKind.Client, parent, tags);

    /// <summary>Says on the span of a request what the request says, before the span starts.</summary>
    /// <returns>What it says besides its messages, and its content where spans hold content.</returns>
    public static (RequestParameters Parameters, RequestContent? Content) SetRequest(RolloutHandle request, in JsonPayload payload, in ModelRequestOptions options, Uri? endpoint)
    {
        request.Carry(RolloutAttributes.GenAI.RequestPreviousResponseId, options.PreviousResponseId);
        if (endpoint is { IsAbsoluteUri: true, Host.Length: > 0 })
        {
            request.Carry(RolloutAttributes.Server.Address, endpoint.Host);
            if (endpoint.Port > 0)
            {
                request.Carry(RolloutAttributes.Server.Port, endpoint.Port);
            }
        }

        if (request.OwnSpan is not { IsAllDataRequested: true } activity)
        {
            return default;
        }

        var parameters = PayloadPeek.Parameters(payload);
        activity.Set(RolloutAttributes.GenAI.RequestPreviousResponseId, string.IsNullOrEmpty(options.PreviousResponseId) ? parameters.PreviousResponseId : options.PreviousResponseId);
        parameters.Tell(activity, static (span, name, value) => span.SetTag(name, value));
        var content = request.Rollout.Content?.OfRequest(payload);
        request.SetContent(RolloutAttributes.GenAI.SystemInstructions, content?.Instructions);
        request.SetContent(RolloutAttributes.GenAI.ToolDefinitions, content?.Tools);
        request.SetContent(RolloutAttributes.GenAI.InputMessages, content?.Input);
        return (parameters, content);
    }

    /// <summary>
    /// Says on the span of a request what its response says. What the caller says counts for more than what stands in the response.
    /// </summary>
    /// <returns>The tokens that were used, null if nobody says; and what the model gave, where spans hold content.</returns>
    public static (string? ResponseId, TokenUsage? Usage, ResponseContent? Content) SetResponse(
        RolloutHandle request, string? responseId, TokenUsage? usage, in JsonPayload output, in ModelResponseDetails details, bool isCompleted)
    {
        request.Carry(RolloutAttributes.GenAI.ResponseModel, details.ResponseModel);
        var reasons = details.FinishReasons is { Length: > 0 } given ? SpanTags.Cut(given) : null;
        if (reasons is not null)
        {
            request.Carry(RolloutAttributes.GenAI.ResponseFinishReasons, reasons);
        }

        var answer = ModelAnswer.Read(output, isCompleted);
        usage ??= answer.Usage;
        responseId = string.IsNullOrEmpty(responseId) ? answer.ResponseId : responseId;
        if (request.OwnSpan is not { IsAllDataRequested: true } activity)
        {
            return (responseId, usage, null);
        }

        activity.Set(RolloutAttributes.GenAI.ResponseId, responseId);
        activity.Set(RolloutAttributes.GenAI.ResponseModel, string.IsNullOrEmpty(details.ResponseModel) ? answer.Model : details.ResponseModel);
        activity.Set(RolloutAttributes.UpstreamRequestId, details.UpstreamRequestId);
        reasons ??= answer.FinishReasons is { } words ? SpanTags.Cut(words) : null;
        if (reasons is not null)
        {
            activity.SetTag(RolloutAttributes.GenAI.ResponseFinishReasons, reasons);
        }

        if (usage is { } used)
        {
            TokenCounter.SetTags(activity, used);
        }

        return (responseId, usage, SetOutput(request, output, reasons));
    }

    /// <summary>Says on the span of a request what the model gave, where spans hold content.</summary>
    public static ResponseContent? SetOutput(RolloutHandle request, in JsonPayload output, string[]? finishReasons)
    {
        var content = request.Rollout.Content?.OfResponse(output, finishReasons);
        request.SetContent(RolloutAttributes.GenAI.OutputMessages, content?.Output);
        return content;
    }

    /// <summary>Says where the whole request is.</summary>
    public static void SetRequestPath(RolloutHandle request, string? path, in RequestParameters parameters)
    {
        request.SetOwn(RolloutAttributes.Payload.Request, path);
        if (path is not null && request.OwnSpan is { IsAllDataRequested: true } activity && PayloadUri.Of(request.Rollout.ContentBaseUri, request.Rollout.BundleName, path) is { } uri)
        {
            activity.SetTag(RolloutAttributes.GenAI.InputMessagesRef, uri);
            activity.SetTag(RolloutAttributes.GenAI.SystemInstructionsRef, parameters.HasInstructions ? uri : null);
            activity.SetTag(RolloutAttributes.GenAI.ToolDefinitionsRef, parameters.HasTools ? uri : null);
        }
    }

    /// <summary>Says where the whole response is.</summary>
    public static void SetResponsePath(RolloutHandle request, string? path)
    {
        request.SetOwn(RolloutAttributes.Payload.Response, path);
        if (path is not null && request.OwnSpan is { IsAllDataRequested: true } activity)
        {
            activity.SetTag(RolloutAttributes.GenAI.OutputMessagesRef, PayloadUri.Of(request.Rollout.ContentBaseUri, request.Rollout.BundleName, path));
        }
    }

    /// <summary>The document of a response; an empty payload if there are no output items.</summary>
    public static JsonPayload ResponsePayload(string? responseId, string? upstreamRequestId, TokenUsage? usage, in JsonPayload outputItems) =>
        outputItems.IsEmpty
            ? default
            : JsonPayload.From(
                new ModelResponsePayload
                {
                    ResponseId = responseId,
                    UpstreamRequestId = upstreamRequestId,
                    TokenUsage = usage,
                    OutputItems = outputItems,
                },
                PayloadJsonContext.Default.ModelResponsePayload);
}

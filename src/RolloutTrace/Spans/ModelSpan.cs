using System.Diagnostics;
using RolloutTrace.Payloads;

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
    public static void SetRequest(RolloutHandle request, in JsonPayload payload, in ModelRequestOptions options, Uri? endpoint)
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
            return;
        }

        var parameters = PayloadPeek.Parameters(payload);
        activity.Set(RolloutAttributes.GenAI.RequestPreviousResponseId, string.IsNullOrEmpty(options.PreviousResponseId) ? parameters.PreviousResponseId : options.PreviousResponseId);
        parameters.Tell(activity, static (span, name, value) => span.SetTag(name, value));
        request.Rollout.Content?.SetRequest(activity, payload);
    }

    /// <summary>
    /// Says on the span of a request what its response says. What the caller says counts for more than what stands in the response.
    /// </summary>
    /// <returns>The tokens that were used; null if nobody says.</returns>
    public static TokenUsage? SetResponse(RolloutHandle request, string? responseId, TokenUsage? usage, in JsonPayload output, in ModelResponseDetails details, bool isCompleted)
    {
        request.Carry(RolloutAttributes.GenAI.ResponseModel, details.ResponseModel);
        var reasons = details.FinishReasons is { Length: > 0 } given ? SpanTags.Cut(given) : null;
        if (reasons is not null)
        {
            request.Carry(RolloutAttributes.GenAI.ResponseFinishReasons, reasons);
        }

        var answer = ModelAnswer.Read(output, isCompleted);
        usage ??= answer.Usage;
        if (request.OwnSpan is { IsAllDataRequested: true } activity)
        {
            activity.Set(RolloutAttributes.GenAI.ResponseId, string.IsNullOrEmpty(responseId) ? answer.ResponseId : responseId);
            activity.Set(RolloutAttributes.GenAI.ResponseModel, string.IsNullOrEmpty(details.ResponseModel) ? answer.Model : details.ResponseModel);
            activity.Set(RolloutAttributes.UpstreamRequestId, details.UpstreamRequestId);
            if ((reasons ?? answer.FinishReasons) is { } words)
            {
                activity.SetTag(RolloutAttributes.GenAI.ResponseFinishReasons, SpanTags.Cut(words));
            }

            if (usage is { } used)
            {
                TokenCounter.SetTags(activity, used);
            }

            request.Rollout.Content?.SetResponse(activity, output);
        }

        return usage;
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

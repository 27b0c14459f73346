using System.Diagnostics;
using RolloutTrace.Payloads;

namespace RolloutTrace.Spans;

/// <summary>What the spans of a model request and of a compaction's request have in common.</summary>
internal static class ModelSpan
{
    public static List<KeyValuePair<string, object?>> Tags(Turn turn, string model, string? providerName, string? previousResponseId = null)
    {
        var tags = turn.CommonTags(providerName);
        tags.Add(RolloutAttributes.GenAI.OperationName, "chat");
        tags.Add(RolloutAttributes.GenAI.RequestModel, model);
        tags.Add(RolloutAttributes.GenAI.RequestPreviousResponseId, previousResponseId);
        return tags;
    }

    public static Activity? Create(ActivitySource source, string model, ActivityContext parent, List<KeyValuePair<string, object?>> tags) =>
        CurrentSpan.Create(source, $"chat {model}", ActivityKind.Client, parent, tags);

    public static void SetResponse(Activity activity, string? responseId, TokenUsage? usage, in ModelResponseDetails details)
    {
        activity.Set(RolloutAttributes.GenAI.ResponseId, responseId);
        activity.Set(RolloutAttributes.GenAI.ResponseModel, details.ResponseModel);
        activity.Set(RolloutAttributes.UpstreamRequestId, details.UpstreamRequestId);
        if (details.FinishReasons is { Length: > 0 } reasons)
        {
            activity.SetTag(RolloutAttributes.GenAI.ResponseFinishReasons, SpanTags.Cut(reasons));
        }

        if (usage is { } used)
        {
            TokenCounter.SetTags(activity, used);
        }
    }

    /// <summary>Has the events of the request carry what they have no members for.</summary>
    public static void CarryResponse(RolloutHandle request, in ModelResponseDetails details)
    {
        request.Carry(RolloutAttributes.GenAI.ResponseModel, details.ResponseModel);
        if (details.FinishReasons is { Length: > 0 } reasons)
        {
            request.Carry(RolloutAttributes.GenAI.ResponseFinishReasons, SpanTags.Cut(reasons));
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

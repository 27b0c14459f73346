using System.Diagnostics;
using System.Text.Json;
using RolloutTrace.Payloads;

namespace RolloutTrace.Content;

/// <summary>
/// Message content as attributes of spans, for who switched it on: JSON text that stays valid JSON when it is cut. Live spans get
/// it here, and spans made from a bundle afterwards. What cannot be read gives null, and no attribute; so do messages in a document
/// that is too large to look at (<see cref="PayloadPeek.MaxBytes"/>).
/// </summary>
internal sealed class ContentCapture
{
    private const string EnvironmentVariable = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";
    // A span has content twice at most, and an exporter's batch 512 spans: that leaves 2 KiB a span for everything else in the
    // 4 MiB over which a receiver refuses a batch.
    private const int DefaultLimit = 3072;
    private const int SmallestLimit = 64;

    // The end of a cut is found in this many times its size: an escape is six bytes for one.
    private const int HeadFactor = 8;
    private const int SmallestHead = 16 << 10;

    private readonly int limit;

    private ContentCapture(int limit) => this.limit = limit;

    /// <summary>Content cut to a number of bytes; 0 for the size that it has by default.</summary>
    public static ContentCapture WithLimit(int limit) => new(LimitOf(limit));

    /// <summary>Null unless content was switched on.</summary>
    /// <param name="options">What the program says, which counts for more than the environment.</param>
    /// <param name="environment">The value of an environment variable.</param>
    public static ContentCapture? Create(in AgentSessionOptions options, Func<string, string?> environment)
    {
        var isOn = options.CaptureMessageContent
            ?? string.Equals(environment(EnvironmentVariable), "true", StringComparison.OrdinalIgnoreCase);
        return isOn ? new ContentCapture(LimitOf(options.MessageContentLimit)) : null;
    }

    public void SetRequest(Activity activity, in JsonPayload request) => Set(activity, RolloutAttributes.GenAI.InputMessages, OfRequest(request));

    public void SetResponse(Activity activity, in JsonPayload outputItems) => Set(activity, RolloutAttributes.GenAI.OutputMessages, OfResponse(outputItems));

    public void SetInput(Activity activity, in ToolInput input) => Set(activity, RolloutAttributes.GenAI.ToolCallArguments, OfInput(input));

    public void SetResult(Activity activity, in JsonPayload result) => Set(activity, RolloutAttributes.GenAI.ToolCallResult, OfJson(result));

    public void SetCode(Activity activity, string source) => Set(activity, RolloutAttributes.GenAI.ToolCallArguments, OfText(source));

    /// <summary>The messages that a request gives the model.</summary>
    public string? OfRequest(in JsonPayload request) => PayloadPeek.Read(request, utf8 =>
    {
        using var document = JsonDocument.Parse(utf8);
        return GenAIMessages.OfRequest(document.RootElement, limit);
    });

    /// <summary>The messages that a model gave, from the list of output items.</summary>
    public string? OfResponse(in JsonPayload outputItems) => PayloadPeek.Read(outputItems, utf8 =>
    {
        using var document = JsonDocument.Parse(utf8);
        return GenAIMessages.OfResponse(document.RootElement, limit);
    });

    /// <summary>The messages that a model gave, from the payload of a response.</summary>
    public string? OfResponsePayload(JsonElement response) => GenAIMessages.OfResponse(response, limit);

    /// <summary>What a tool was called with: JSON where it is JSON, and else a JSON string.</summary>
    public string? OfInput(in ToolInput input)
    {
        if ((input.Text ?? input.Head) is not { } text)
        {
            return null;
        }

        var isJson = input.Type is ToolInputType.Function or ToolInputType.ToolSearch;
        return isJson && OfJson(input.Text is null ? input.Json : JsonPayload.OfJson(text)) is { } json ? json : OfText(text);
    }

    /// <summary>A JSON document. Of a long one no more than the beginning is made.</summary>
    public string? OfJson(in JsonPayload payload)
    {
        if (payload.IsEmpty)
        {
            return null;
        }

        try
        {
            var utf8 = PayloadPeek.Head(payload, Math.Max(SmallestHead, HeadFactor * Math.Min(limit, PayloadPeek.MaxBytes / HeadFactor)), out var isWhole);
            return JsonCut.Cut(utf8.Span, limit, isWhole);
        }
        catch (Exception)
        {
            // The recorder meets the same failure, and reports it.
            return null;
        }
    }

    /// <summary>Text as a JSON string.</summary>
    public string? OfText(string text) => OfJson(JsonPayload.From(text, PayloadJsonContext.Default.String));

    private static int LimitOf(int limit) => limit == 0 ? DefaultLimit : Math.Max(limit, SmallestLimit);

    private static void Set(Activity activity, string attribute, string? json)
    {
        if (json is not null)
        {
            activity.SetTag(attribute, json);
        }
    }
}

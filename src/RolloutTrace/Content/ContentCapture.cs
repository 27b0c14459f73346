using System.Diagnostics;
using System.Text.Json;
using RolloutTrace.Payloads;

namespace RolloutTrace.Content;

/// <summary>
/// Puts message content on spans, for who switched it on: as JSON text that stays valid JSON when it is cut. The one place where
/// content gets onto spans.
/// </summary>
internal sealed class ContentCapture
{
    private const string EnvironmentVariable = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";
    private const int DefaultLimit = 4096;
    private const int SmallestLimit = 64;

    private readonly int limit;

    private ContentCapture(int limit) => this.limit = limit;

    /// <summary>Null unless content was switched on.</summary>
    /// <param name="options">What the program says, which counts for more than the environment.</param>
    /// <param name="environment">The value of an environment variable.</param>
    public static ContentCapture? Create(in AgentSessionOptions options, Func<string, string?> environment)
    {
        var isOn = options.CaptureMessageContent
            ?? string.Equals(environment(EnvironmentVariable), "true", StringComparison.OrdinalIgnoreCase);
        var limit = options.MessageContentLimit == 0 ? DefaultLimit : Math.Max(options.MessageContentLimit, SmallestLimit);
        return isOn ? new ContentCapture(limit) : null;
    }

    public void SetRequest(Activity activity, in JsonPayload request) =>
        Set(activity, RolloutAttributes.GenAI.InputMessages, PayloadPeek.Read(request, utf8 =>
        {
            using var document = JsonDocument.Parse(utf8);
            return GenAIMessages.OfRequest(document.RootElement, limit);
        }));

    public void SetResponse(Activity activity, in JsonPayload outputItems) =>
        Set(activity, RolloutAttributes.GenAI.OutputMessages, PayloadPeek.Read(outputItems, utf8 =>
        {
            using var document = JsonDocument.Parse(utf8);
            return GenAIMessages.OfResponse(document.RootElement, limit);
        }));

    /// <summary>What a tool was called with: JSON where it is JSON, and else a JSON string.</summary>
    public void SetInput(Activity activity, in ToolInput input)
    {
        const string Attribute = RolloutAttributes.GenAI.ToolCallArguments;
        if (input.Text is not { } text)
        {
            return;
        }

        if (input.Type is ToolInputType.Function or ToolInputType.ToolSearch && PayloadPeek.Read<string>(text, Cut) is { } json)
        {
            activity.SetTag(Attribute, json);
        }
        else
        {
            SetText(activity, Attribute, text);
        }
    }

    public void SetJson(Activity activity, string attribute, in JsonPayload payload) => Set(activity, attribute, PayloadPeek.Read(payload, Cut));

    /// <summary>Text as a JSON string.</summary>
    public void SetText(Activity activity, string attribute, string text) =>
        SetJson(activity, attribute, JsonPayload.From(text, PayloadJsonContext.Default.String));

    private static void Set(Activity activity, string attribute, string? json)
    {
        if (json is not null)
        {
            activity.SetTag(attribute, json);
        }
    }

    private string Cut(ReadOnlyMemory<byte> utf8) => JsonCut.Cut(utf8.Span, limit);
}

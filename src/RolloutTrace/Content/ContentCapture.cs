using System.Text.Json;
using RolloutTrace.Payloads;
using RolloutTrace.Wire;

namespace RolloutTrace.Content;

/// <summary>
/// Message content as attributes of spans, for who switched it on: JSON text that stays valid JSON when it is cut. Live spans get
/// it here, and spans made from a bundle afterwards. What cannot be read gives null, and no attribute; so do messages in a document
/// that is too large to look at (<see cref="PayloadPeek.MaxBytes"/>).
/// </summary>
internal sealed class ContentCapture
{
    /// <summary>The most bytes of an attribute, unless somebody says otherwise.</summary>
    public const int DefaultLimit = 32 << 10;

    private const int SmallestLimit = 64;

    // Why a model stopped that did not stop by itself.
    private const string Error = "error";

    // The end of a cut is found in this many times its size: an escape is six bytes for one.
    private const int HeadFactor = 8;
    private const int SmallestHead = 16 << 10;

    private readonly int limit;

    /// <param name="limit">The most bytes of an attribute; 0 for the default.</param>
    public ContentCapture(int limit) => this.limit = limit == 0 ? DefaultLimit : Math.Max(limit, SmallestLimit);

    /// <summary>Null unless content was switched on.</summary>
    /// <param name="options">What the program says, which counts for more than the environment.</param>
    /// <param name="environment">The value of an environment variable.</param>
    public static ContentCapture? Create(in AgentSessionOptions options, Func<string, string?> environment) =>
        options.CaptureMessageContent ?? ContentSwitch.IsOn(environment(ContentSwitch.EnvironmentVariable)) ? new ContentCapture(options.ContentLimit) : null;

    /// <summary>What a request gives the model.</summary>
    public RequestContent? OfRequest(in JsonPayload request) => PayloadPeek.Read(request, utf8 =>
    {
        using var document = JsonDocument.Parse(utf8);
        var messages = GenAIMessages.OfRequest(document.RootElement);
        return new RequestContent
        {
            Instructions = All(SystemInstructions.Of(document.RootElement)),
            Tools = All(ToolDefinition.Of(document.RootElement)),
            Input = messages.Count == 0 ? null : ContentList.OfMessages(messages, GenAIMessages.Leading(messages), limit),
            UserInput = messages.FindLast(static message => message.Role == GenAIMessage.User) is { } input ? ContentList.OfMessages([input], leading: 0, limit) : null,
        };
    });

    /// <summary>What a model gave, as a program hands it over.</summary>
    /// <param name="output">Items, a response, or the events of its stream.</param>
    /// <param name="finishReasons">Why it stopped; null if it did not by itself.</param>
    public ResponseContent? OfResponse(in JsonPayload output, string[]? finishReasons) => PayloadPeek.Read(output, utf8 =>
    {
        using var document = JsonDocument.Parse(utf8);
        var items = new WireItems();
        Dialects.ReadOutput(document.RootElement, items);
        return Of(items, finishReasons);
    });

    /// <summary>What a model gave, from the payload of a response as a bundle has it.</summary>
    /// <inheritdoc cref="OfResponse"/>
    public ResponseContent? OfResponsePayload(JsonElement response, string[]? finishReasons)
    {
        var items = new WireItems();
        Dialects.ReadResponse(response, items);
        return Of(items, finishReasons);
    }

    /// <summary>What a tool was called with: JSON where it is JSON, and else a JSON string.</summary>
    public ContentValue? OfInput(in ToolInput input)
    {
        if (input.Type == ToolInputType.LocalShell)
        {
            return OfJson(JsonPayload.From(input, PayloadJsonContext.Default.ToolInput));
        }

        if ((input.Text ?? input.Head) is not { } text)
        {
            return null;
        }

        var isJson = input.Type is ToolInputType.Function or ToolInputType.ToolSearch;
        return isJson && OfJson(input.Text is null ? input.Json : JsonPayload.OfJson(text)) is { } json ? json
            : ContentJson.TryDocument(text) is { } document ? OfJson(document)
            : OfText(text);
    }

    /// <summary>What a tool gave, without the item that it travels in.</summary>
    public ContentValue? OfResult(in JsonPayload result) => PayloadPeek.Read(result, OfResult) ?? OfJson(result);

    /// <summary>A JSON document. Of a long one no more than the beginning is made.</summary>
    public ContentValue? OfJson(in JsonPayload payload)
    {
        if (payload.IsEmpty)
        {
            return null;
        }

        try
        {
            var utf8 = PayloadPeek.Head(payload, Math.Max(SmallestHead, HeadFactor * Math.Min(limit, PayloadPeek.MaxBytes / HeadFactor)), out var isWhole);
            return ContentOf(JsonCut.Cut(utf8.Span, limit, isWhole), isWhole ? utf8.Length : Math.Max(utf8.Length, payload.LeastBytes), isWhole && utf8.Length <= limit);
        }
        catch (Exception)
        {
            // The recorder meets the same failure, and reports it.
            return null;
        }
    }

    /// <summary>Text as a JSON string.</summary>
    public ContentValue? OfText(string text) => OfJson(JsonPayload.From(text, PayloadJsonContext.Default.String));

    /// <summary>As many of the words of a command as fit, and how much of it is missing.</summary>
    public (string[] Words, int MissingWords, long MissingBytes) OfCommand(IReadOnlyList<string> command)
    {
        var words = new List<string>();
        var room = (long)limit;
        var missing = 0L;
        foreach (var word in command)
        {
            var bytes = System.Text.Encoding.UTF8.GetByteCount(word);
            if (room <= 0)
            {
                missing += bytes;
                continue;
            }

            var kept = bytes <= room ? word : JsonCut.Text(word, (int)room);
            missing += bytes - Math.Min(bytes, System.Text.Encoding.UTF8.GetByteCount(kept));
            words.Add(kept);
            room -= bytes;
        }

        return ([.. words], command.Count - words.Count, missing);
    }

    // Where nothing was cut nothing is missing, though spaces between may be.
    private static ContentValue ContentOf(string json, long bytes, bool isWhole) =>
        new(json, 0, isWhole ? 0 : Math.Max(bytes - System.Text.Encoding.UTF8.GetByteCount(json), 0));

    private ContentValue? All<T>(List<T> entries)
        where T : IContentEntry => entries.Count == 0 ? null : ContentList.OfAll(entries, limit);

    private ResponseContent? Of(WireItems items, string[]? finishReasons)
    {
        // The conventions have a word of their own for it in messages.
        var reason = finishReasons is not [var first, ..] ? Error : first == "tool_calls" ? "tool_call" : Spans.SpanTags.Cut(first);
        return GenAIMessages.OfResponse(items, reason) is { } message
            ? new ResponseContent(ContentList.OfMessages([message], leading: 0, limit), message.SaysText)
            : null;
    }

    private ContentValue? OfResult(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        var root = document.RootElement;
        return (ToolResult.InItem(root) ?? (root.ValueKind == JsonValueKind.String ? root : null)) is { } result ? ContentList.OfValue(new ToolResult(result), limit) : null;
    }
}

using System.Text.Json;
using RolloutTrace.Analysis.Payloads;
using RolloutTrace.Bundle;
using RolloutTrace.Content;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Exporting;

/// <summary>Message content of spans, from the payloads; the same as live spans have it.</summary>
internal sealed class SpanContent(PayloadLookup payloads, int limit)
{
    private readonly ContentCapture capture = new(limit);

    /// <summary>What a request gave the model.</summary>
    public RequestContent? OfRequest(PayloadReference? request) => payloads.Bytes(request, utf8 => capture.OfRequest(utf8));

    /// <summary>What a model gave.</summary>
    public ResponseContent? OfResponse(PayloadReference? response, string[]? finishReasons) =>
        payloads.Document(response, document => capture.OfResponsePayload(document, finishReasons));

    /// <summary>What a tool was called with.</summary>
    public ContentValue? OfInvocation(PayloadReference? invocation) =>
        payloads.Document(invocation, document => OfInput(JsonText.Member(document, "payload")));

    /// <summary>What a tool gave; nothing of one that failed without a result.</summary>
    public ContentValue? OfResult(PayloadReference? result) => payloads.Document(result, document =>
        Member(document, "response_item") is { } item ? capture.OfResult(item)
        : Member(document, "value") is { } value ? capture.OfJson(value)
        : null);

    /// <summary>What a code cell answered.</summary>
    public ContentValue? OfCellResponse(PayloadReference? response) =>
        payloads.Document(response, document => Member(document, "response") is { } value ? capture.OfResult(value) : null);

    /// <summary>What a code cell ran.</summary>
    public ContentValue? OfCode(string source) => capture.OfText(source);

    /// <summary>The command that a runtime executed.</summary>
    public (string[] Words, int MissingWords, long MissingBytes) OfCommand(IReadOnlyList<string> command) => capture.OfCommand(command);

    private ContentValue? OfInput(JsonElement payload) => JsonText.MemberOrNull(payload, "type") switch
    {
        "function" when JsonText.MemberOrNull(payload, "arguments") is { } arguments => capture.OfInput(ToolInput.Function(JsonPayload.OfJson(arguments)).WithText()),
        "custom" when JsonText.MemberOrNull(payload, "input") is { } input => capture.OfInput(ToolInput.Custom(input)),
        "tool_search" when Member(payload, "arguments") is { } arguments => capture.OfInput(ToolInput.ToolSearch(arguments).WithText()),
        "local_shell" => capture.OfJson(payload),
        _ => null,
    };

    private static JsonElement? Member(JsonElement document, string name) =>
        JsonText.Member(document, name) is { ValueKind: not JsonValueKind.Undefined } value ? value : null;
}

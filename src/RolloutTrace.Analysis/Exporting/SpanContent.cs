using System.Text.Json;
using RolloutTrace.Analysis.Payloads;
using RolloutTrace.Bundle;
using RolloutTrace.Content;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Exporting;

/// <summary>Message content of spans, from the payloads; the same as live spans have it.</summary>
internal sealed class SpanContent(PayloadLookup payloads, int limit)
{
    private readonly ContentCapture capture = ContentCapture.WithLimit(limit);

    /// <summary>The messages that a request gave the model.</summary>
    public string? OfRequest(PayloadReference? request) => payloads.Bytes(request, utf8 => capture.OfRequest(utf8));

    /// <summary>The messages that a model gave.</summary>
    public string? OfResponse(PayloadReference? response) =>
        payloads.Document(response, document => capture.OfResponsePayload(document));

    /// <summary>What a tool was called with.</summary>
    public string? OfInvocation(PayloadReference? invocation) =>
        payloads.Document(invocation, document => Input(JsonText.Member(document, "payload")) is { } input ? capture.OfInput(input) : null);

    /// <summary>What a tool gave; nothing of one that failed without a result.</summary>
    public string? OfResult(PayloadReference? result) =>
        payloads.Document(result, document => (Member(document, "response_item") ?? Member(document, "value")) is { } value ? capture.OfJson(value) : null);

    /// <summary>What a code cell answered.</summary>
    public string? OfCellResponse(PayloadReference? response) =>
        payloads.Document(response, document => Member(document, "response") is { } value ? capture.OfJson(value) : null);

    /// <summary>What a code cell ran.</summary>
    public string? OfCode(string source) => capture.OfText(source);

    private static ToolInput? Input(JsonElement payload) => JsonText.MemberOrNull(payload, "type") switch
    {
        "function" when JsonText.MemberOrNull(payload, "arguments") is { } arguments => ToolInput.Function(JsonPayload.OfJson(arguments)).WithText(),
        "custom" when JsonText.MemberOrNull(payload, "input") is { } input => ToolInput.Custom(input),
        "tool_search" when Member(payload, "arguments") is { } arguments => ToolInput.ToolSearch(arguments).WithText(),
        "local_shell" when Member(payload, "command") is { ValueKind: JsonValueKind.Array } command =>
            ToolInput.LocalShell([.. command.EnumerateArray().Select(static word => JsonText.OrNull(word) ?? "")]).WithText(),
        _ => null,
    };

    private static JsonElement? Member(JsonElement document, string name) =>
        JsonText.Member(document, name) is { ValueKind: not JsonValueKind.Undefined } value ? value : null;
}

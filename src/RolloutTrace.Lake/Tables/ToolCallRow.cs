using System.Text.Json;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;
using RolloutTrace.Wire;

namespace RolloutTrace.Lake.Tables;

/// <summary>A tool call, with what only its payloads say.</summary>
internal sealed record ToolCallRow
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = BundleReaderOptions.MaxDepth };

    public required RecordedToolCall Call { get; init; }

    /// <summary>The request whose response started it.</summary>
    public required string? RequestId { get; init; }

    public required string Name { get; init; }

    public required long? ExitCode { get; init; }

    public required string? Error { get; init; }

    public static ToolCallRow Of(OpenRollout rollout, RecordedToolCall call, string? requestId) => new()
    {
        Call = call,
        RequestId = requestId,
        Name = Read(rollout, call.RawInvocationPayloadId, NameOf) ?? NameOf(call.Kind),
        ExitCode = call.TerminalOperationId is { } id && rollout.Graph.TerminalOperations.TryGetValue(id, out var operation) ? operation.Result?.ExitCode : null,
        Error = Read(rollout, call.RawResultPayloadId, static result => JsonText.MemberOrNull(result, "type") == "error" ? JsonText.MemberOrNull(result, "error") : null),
    };

    private static string? NameOf(JsonElement invocation) => JsonText.MemberOrNull(invocation, "tool_name") is not { Length: > 0 } name ? null
        : JsonText.MemberOrNull(invocation, "tool_namespace") is { Length: > 0 } space ? $"{space}.{name}"
        : name;

    private static string NameOf(ToolCallKind kind) => kind.Type switch
    {
        ToolCallKindType.Mcp when kind.Tool is { } tool => tool,
        ToolCallKindType.Other when kind.Name is { } name => name,
        _ => WireName.Of(kind.Type),
    };

    // That a payload is missing or damaged is what the reduction reports.
    private static string? Read(OpenRollout rollout, string? payloadId, Func<JsonElement, string?> read)
    {
        if (rollout.Bundle is not { } bundle || payloadId is null || !rollout.Graph.RawPayloads.TryGetValue(payloadId, out var reference))
        {
            return null;
        }

        try
        {
            using var bytes = bundle.ReadPayload(reference);
            using var document = JsonDocument.Parse(bytes.Memory, Options);
            return read(document.RootElement);
        }
        catch (Exception e) when (e is BundleException or JsonException)
        {
            return null;
        }
    }
}

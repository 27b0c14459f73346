using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Payloads;
using RolloutTrace.Reducer;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Payloads;

/// <summary>
/// Why something failed or was given up, in the words of whoever knew: the provider, the tool, or a command by its exit code and the
/// last lines of its standard error. Null where nothing failed, and where nobody says. Safe for concurrent use.
/// </summary>
internal sealed class FailureWords
{
    private readonly OpenRollout rollout;
    private readonly RolloutGraph graph;
    private readonly RolloutFacts facts;
    private readonly PayloadLookup? payloads;
    private readonly Dictionary<string, PayloadReference> failedRuntimes = new(StringComparer.Ordinal);

    public FailureWords(OpenRollout rollout)
    {
        this.rollout = rollout;
        graph = rollout.Graph;
        facts = rollout.Facts;
        payloads = rollout.Payloads;
        foreach (var ended in facts.RuntimeEvents.Select(static raw => raw.Payload).OfType<ToolCallRuntimeEndedEvent>())
        {
            if (ended.Status == ExecutionStatus.Completed)
            {
                failedRuntimes.Remove(ended.ToolCallId);
            }
            else
            {
                failedRuntimes[ended.ToolCallId] = ended.RuntimePayload;
            }
        }
    }

    /// <summary>Of a model request.</summary>
    public string? Of(InferenceCall request) => facts.RequestErrors.GetValueOrDefault(request.InferenceCallId) ?? facts.CancelReasons.GetValueOrDefault(request.InferenceCallId);

    /// <summary>Of a compaction's request.</summary>
    public string? Of(RecordedCompactionRequest request) => facts.RequestErrors.GetValueOrDefault(request.CompactionRequestId);

    /// <summary>Of a turn: the log has no words for its end, it is what its last request says.</summary>
    public string? Of(CodexTurn turn) => turn.Execution.Status is ExecutionStatus.Completed or ExecutionStatus.Running ? null
        : rollout.Index.RequestsOfTurn(turn.CodexTurnId) is [.., var last] ? Of(last)
        : null;

    /// <summary>Of a command.</summary>
    public static string? Of(TerminalOperation operation)
    {
        if (operation.Result is not { } result)
        {
            return null;
        }

        return result.ExitCode is { } code and not 0 ? CommandWords.Of(code, result.Stderr, result.Stdout)
            : operation.Execution.Status == ExecutionStatus.Failed ? CommandWords.EndOf(result.Stderr.Length > 0 ? result.Stderr : result.Stdout)
            : null;
    }

    /// <summary>Of a tool call: of its command if that failed, whatever became of the call.</summary>
    public string? Of(RecordedToolCall tool)
    {
        if (tool.TerminalOperationId is { } id && graph.TerminalOperations.TryGetValue(id, out var operation) && Of(operation) is { } ofCommand)
        {
            return ofCommand;
        }

        return OfRuntime(tool)
            ?? OfToldExit(tool)
            ?? (tool.Execution.Status is ExecutionStatus.Completed or ExecutionStatus.Running ? null : OfResult(tool) ?? CancelReasonOf(tool.Otel));
    }

    /// <summary>Of what carried out a tool call last.</summary>
    public string? OfRuntime(RecordedToolCall tool) => OfRuntimeEnd(failedRuntimes.GetValueOrDefault(tool.ToolCallId));

    /// <summary>Of a code cell.</summary>
    public string? Of(RecordedCodeCell cell) => Of(cell, facts.CellResponses.GetValueOrDefault(cell.CodeCellId));

    /// <summary>Of a code cell, by what it ended with.</summary>
    public string? Of(RecordedCodeCell cell, PayloadReference? response) => cell.RuntimeStatus == CodeCellRuntimeStatus.Failed
        ? payloads?.Document(response, static document => OfValue(JsonText.Member(document, "response")))
        : null;

    /// <summary>Of what carried out a tool call and failed, by what it said at its end.</summary>
    public string? OfRuntimeEnd(PayloadReference? end) => payloads?.Document(end, static document =>
        JsonText.Member(document, "exit_code") is { ValueKind: JsonValueKind.Number } code && code.TryGetInt64(out var number) && number != 0
            ? CommandWords.Of(number, JsonText.MemberOrNull(document, "stderr") ?? "", JsonText.MemberOrNull(document, "stdout") ?? "")
            : OfValue(JsonText.Member(JsonText.Member(document, "result"), "Err")) ?? OfValue(document));

    private string? OfResult(RecordedToolCall tool)
    {
        var result = tool.RawResultPayloadId is { } id ? graph.RawPayloads.GetValueOrDefault(id) : null;
        return payloads?.Document(result, static document =>
            OfValue(JsonText.Member(document, "error"))
            ?? OfValue(JsonText.Member(JsonText.Member(document, "response_item"), "output"))
            ?? OfValue(JsonText.Member(document, "value")));
    }

    // Where no terminal's operation knows how a command ended, as in an imported log, the model was told so all the same.
    private string? OfToldExit(RecordedToolCall tool)
    {
        if (tool.Execution.Status != ExecutionStatus.Completed || tool.Kind.Type is not (ToolCallKindType.ExecCommand or ToolCallKindType.WriteStdin) || IsExitKnown(tool))
        {
            return null;
        }

        foreach (var id in tool.ModelVisibleOutputItemIds)
        {
            if (graph.ConversationItems.TryGetValue(id, out var item) && ToldExit.In(ItemText.Of(item)) is (not 0 and var code, var printed))
            {
                return CommandWords.Of(code, "", printed);
            }
        }

        return null;
    }

    private bool IsExitKnown(RecordedToolCall tool) =>
        tool.TerminalOperationId is { } id && graph.TerminalOperations.TryGetValue(id, out var operation)
        && operation.TerminalId is { } terminal && graph.TerminalSessions.TryGetValue(terminal, out var session)
        && session.OperationIds.Any(other => graph.TerminalOperations[other].Result?.ExitCode is not null);

    private string? CancelReasonOf(SpanReference? span) =>
        span is not null && facts.Spans.GetValueOrDefault(span.SpanId)?.Attributes is { } carried && carried.TryGetValue(RolloutAttributes.Cancel.Reason, out var reason)
            ? JsonText.OrNull(reason)
            : null;

    // A text, or the member of an object that errors stand in.
    private static string? OfValue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => CommandWords.EndOf(McpFailure.Words(JsonText.OrNull(value)) ?? ""),
        JsonValueKind.Object => OfMember(value, "error") ?? OfMember(value, "error_text") ?? OfMember(value, "message") ?? OfMember(value, "stderr"),
        _ => null,
    };

    private static string? OfMember(JsonElement value, string name) => JsonText.MemberOrNull(value, name) is { Length: > 0 } text ? CommandWords.EndOf(text) : null;
}

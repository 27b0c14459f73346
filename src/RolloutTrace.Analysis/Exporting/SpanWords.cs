using System.Text.Json;
using RolloutTrace.Analysis.Payloads;
using RolloutTrace.Bundle;
using RolloutTrace.Payloads;
using RolloutTrace.Reducer;
using RolloutTrace.Wire;

namespace RolloutTrace.Analysis.Exporting;

/// <summary>The words of errors as live spans have them: whole, where the log has them whole.</summary>
internal sealed class SpanWords(RolloutFacts facts, FailureWords failures, PayloadLookup payloads)
{
    // How the format says that a command has none.
    private const int NoExitCode = -1;

    public string? Of(InferenceCall request) => facts.RequestErrors.GetValueOrDefault(request.InferenceCallId);

    public string? Of(RecordedCompactionRequest request) => facts.RequestErrors.GetValueOrDefault(request.CompactionRequestId);

    public string? Of(RecordedCodeCell cell, PayloadReference? response) => failures.Of(cell, response);

    public string? Of(RecordedToolCall tool, PayloadReference? result) =>
        payloads.Document(result, static document => McpFailure.Words(JsonText.MemberOrNull(document, "error"))) ?? failures.Of(tool);

    public string? OfRuntimeEnd(PayloadReference? end) => payloads.Document(end, OfRuntime) ?? failures.OfRuntimeEnd(end);

    private static string? OfRuntime(JsonElement end)
    {
        var stderr = JsonText.MemberOrNull(end, "stderr");
        if (JsonText.Member(end, "exit_code") is { ValueKind: JsonValueKind.Number } code && code.TryGetInt64(out var number) && number != NoExitCode)
        {
            return number == 0 ? null : CommandWords.Of(number, stderr ?? "", JsonText.MemberOrNull(end, "stdout") ?? "");
        }

        return Some(stderr) ?? Some(JsonText.MemberOrNull(JsonText.Member(end, "result"), "Err")) ?? Some(JsonText.MemberOrNull(end, "error"));
    }

    private static string? Some(string? text) => string.IsNullOrEmpty(text) ? null : text;
}

using System.Text.Json;
using RolloutTrace.Reducer.Conversation;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;
using RolloutTrace.Wire;

namespace RolloutTrace.Reducer.Runtime;

/// <summary>Reads what came of a terminal operation: from the protocol's end of a command, or from a tool's result.</summary>
internal static class TerminalResultPayload
{
    public static (string? ProcessId, TerminalResult Result) Read(PayloadDocument payload, bool acceptToolResult, TextMemory memory)
    {
        var root = payload.Root;
        return acceptToolResult
            ? PayloadDocument.TextOrNull(root, "type") switch
            {
                "direct_response" => (null, OfText(DirectResponse(payload))),
                "code_mode_response" => (null, CodeModeResponse(payload, PayloadDocument.Member(root, "value"))),
                "error" => (null, new TerminalResult
                {
                    Stdout = "",
                    Stderr = payload.RequiredString(root, "error"),
                    FormattedOutput = payload.RequiredString(root, "error"),
                }),
                _ => ProtocolEnd(payload, memory),
            }
            : ProtocolEnd(payload, memory);
    }

    private static (string? ProcessId, TerminalResult Result) ProtocolEnd(PayloadDocument payload, TextMemory memory)
    {
        var root = payload.Root;
        var processId = payload.OptionalString(root, "process_id");
        var (stdout, stderr) = (payload.RequiredText(root, "stdout", memory), payload.RequiredText(root, "stderr", memory));
        var exitCode = payload.RequiredInteger(root, "exit_code");
        return (processId, new TerminalResult
        {
            Stdout = "",
            StoredStdout = stdout,
            Stderr = "",
            StoredStderr = stderr,
            ExitCode = exitCode,
            StoredFormattedOutput = payload.RequiredText(root, "formatted_output", memory, "stdout", stdout),
        });
    }

    private static TerminalResult CodeModeResponse(PayloadDocument payload, JsonElement value)
    {
        // A value that has these members, but not of these types, is some other value.
        return PayloadDocument.TextOrNull(value, "output") is { } output
            && TryInteger(PayloadDocument.Member(value, "exit_code"), int.MinValue, int.MaxValue, out var exitCode)
            && TryInteger(PayloadDocument.Member(value, "original_token_count"), 0, long.MaxValue, out var tokens)
            && PayloadDocument.Member(value, "chunk_id").ValueKind is JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.String
            ? OfText(output) with
            {
                ExitCode = exitCode,
                OriginalTokenCount = tokens,
                ChunkId = PayloadDocument.TextOrNull(value, "chunk_id"),
            }
            : OfText(TextOf(payload, value));
    }

    // What the item's output says; an item without output, or with a list that holds no text, stands for itself as JSON.
    private static string DirectResponse(PayloadDocument payload)
    {
        var item = PayloadDocument.Member(payload.Root, "response_item");
        var output = PayloadDocument.Member(item, "output");
        return output.ValueKind switch
        {
            JsonValueKind.Undefined or JsonValueKind.Null => Json(payload, item),
            JsonValueKind.Array => Texts(payload, output) ?? Json(payload, item),
            _ => TextOf(payload, output),
        };
    }

    // A string as it is, the texts of a list if there are any, everything else as JSON.
    private static string TextOf(PayloadDocument payload, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array when Texts(payload, value) is { } texts => texts,
        JsonValueKind.String when JsonText.OrNull(value) is { } text => text,
        JsonValueKind.String => throw ReductionFault.InvalidText(payload.Name),
        _ => Json(payload, value),
    };

    private static string Json(PayloadDocument payload, JsonElement value) => value.ValueKind == JsonValueKind.Undefined
        ? "null"
        : CompactJson.Of(value) ?? throw ReductionFault.InvalidText(payload.Name);

    private static string? Texts(PayloadDocument payload, JsonElement list)
    {
        var texts = list.EnumerateArray().Select(entry => PayloadDocument.TextOrNull(entry, "text")).OfType<string>().ToArray();
        return texts.Length > 0 ? string.Join('\n', texts) : null;
    }

    private static TerminalResult OfText(string text) => new() { Stdout = text, Stderr = "", FormattedOutput = text };

    private static bool TryInteger(JsonElement value, long least, long most, out long? number)
    {
        number = null;
        if (value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return true;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var integer) && integer >= least && integer <= most)
        {
            number = integer;
            return true;
        }

        return false;
    }
}

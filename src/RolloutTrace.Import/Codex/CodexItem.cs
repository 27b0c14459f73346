using System.Text.Json;
using RolloutTrace.Import.Sessions;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Codex;

/// <summary>An item of a log: what it is, and what it calls.</summary>
internal static class CodexItem
{
    /// <summary>What an item is, by its type.</summary>
    public static CodexItemKind KindOf(JsonElement item) => JsonText.MemberOrNull(item, "type") switch
    {
        "message" => JsonText.MemberOrNull(item, "role") is "assistant" ? CodexItemKind.Answer : CodexItemKind.Message,
        "reasoning" or "web_search_call" or "image_generation_call" => CodexItemKind.Answer,
        "function_call" or "custom_tool_call" or "local_shell_call" or "tool_search_call" =>
            JsonText.MemberOrNull(item, "call_id") is { Length: > 0 } ? CodexItemKind.Call : CodexItemKind.Answer,
        "function_call_output" or "custom_tool_call_output" or "tool_search_output" or "mcp_tool_call_output" => CodexItemKind.Output,
        "agent_message" or "compaction" or "compaction_summary" or "context_compaction" => CodexItemKind.Message,
        _ => CodexItemKind.Unknown,
    };

    /// <summary>The call that an item is.</summary>
    public static ToolUse CallOf(JsonElement item, long time)
    {
        var type = JsonText.MemberOrNull(item, "type");
        return new ToolUse
        {
            CallId = JsonText.Read(JsonText.Member(item, "call_id"), out _)!,
            Name = type switch
            {
                "local_shell_call" => "local_shell",
                "tool_search_call" => "tool_search",
                _ => JsonText.Read(JsonText.Member(item, "name"), out _) ?? Arguments.EventText.Unknown,
            },
            Namespace = JsonText.MemberOrNull(item, "namespace") is { Length: > 0 } space ? space : null,
            Input = type switch
            {
                "custom_tool_call" => ToolInput.Custom(ToolUse.TextOf(JsonText.Member(item, "input"))),
                "local_shell_call" => ShellInput(JsonText.Member(item, "action")),
                "tool_search_call" => ToolInput.ToolSearch(JsonText.Member(item, "arguments").Clone()),
                _ => ToolUse.FunctionInput(JsonText.Member(item, "arguments")),
            },
            Time = time,
        };
    }

    /// <summary>Whether a message is the user's, or what the program says in the user's place.</summary>
    public static bool IsUsers(JsonElement message) => JsonText.MemberOrNull(message, "role") is "user";

    /// <summary>The words of a message; empty for anything else.</summary>
    public static string TextOf(JsonElement item) =>
        JsonText.MemberOrNull(item, "type") is "message" && JsonText.Member(item, "content") is { ValueKind: JsonValueKind.Array } content
            ? string.Concat(content.EnumerateArray().Select(static part => JsonText.Read(JsonText.Member(part, "text"), out _)))
            : "";

    /// <summary>Whether an item is a thought without words, which is sound and no part of what a model saw.</summary>
    public static bool SaysNothing(JsonElement item) =>
        JsonText.MemberOrNull(item, "type") is "reasoning"
        && JsonText.Member(item, "summary") is { ValueKind: JsonValueKind.Array } summary && summary.GetArrayLength() == 0
        && JsonText.Member(item, "content").ValueKind is JsonValueKind.Null or JsonValueKind.Undefined
        && JsonText.Member(item, "encrypted_content").ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    /// <summary>Whether an output says that its tool failed. An exit code says nothing of the kind: the tool did what it was asked to.</summary>
    public static bool IsFailure(JsonElement output) => JsonText.Member(JsonText.Member(output, "output"), "success").ValueKind == JsonValueKind.False;

    /// <summary>Whether an output says that its tool was stopped. A tool may print such words itself: they count where the turn was aborted with it.</summary>
    public static bool TellsOfAbort(JsonElement output) =>
        JsonText.Read(JsonText.Member(output, "output"), out _) is { } text
        && text.AsSpan().TrimEnd() is var said
        && (said is "aborted" || said[(said.LastIndexOf('\n') + 1)..].StartsWith("aborted by user"));

    /// <summary>Whether a message is what the program tells the model of a turn that the user interrupted.</summary>
    public static bool TellsOfInterruption(JsonElement message) =>
        JsonText.Member(message, "content") is { ValueKind: JsonValueKind.Array } content
        && content.GetArrayLength() > 0
        && JsonText.Read(JsonText.Member(content[0], "text"), out _)?.StartsWith("<turn_aborted>", StringComparison.Ordinal) == true;

    private static ToolInput ShellInput(JsonElement action)
    {
        var command = JsonText.Member(action, "command");
        return command.ValueKind != JsonValueKind.Array
            ? ToolUse.FunctionInput(action)
            : ToolInput.LocalShell(
                [.. command.EnumerateArray().Select(ToolUse.TextOf)],
                JsonText.MemberOrNull(action, "working_directory"),
                JsonText.Member(action, "timeout_ms") is { ValueKind: JsonValueKind.Number } timeout && timeout.TryGetInt64(out var ms) && ms is >= 0 and <= int.MaxValue
                    ? TimeSpan.FromMilliseconds(ms)
                    : null);
    }
}

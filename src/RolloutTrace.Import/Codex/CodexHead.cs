using System.Text.Json;
using RolloutTrace.Import.Input;
using RolloutTrace.Import.Sessions;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Codex;

/// <summary>What the beginning of a log tells of its session.</summary>
internal static class CodexHead
{
    // The first versions wrote items as they are, with no times, behind a first line about the session.
    private static readonly string[] OldItems = ["message", "reasoning", "function_call", "function_call_output", "local_shell_call", "custom_tool_call", "custom_tool_call_output", "web_search_call"];

    public static bool Recognizes(ReadOnlySpan<byte> beginning) => LineHeads.Any(beginning, static members =>
        members.ContainsKey("timestamp")
        && (members.ContainsKey("payload") ? members.GetValueOrDefault("type") is { Length: > 0 } : !members.ContainsKey("type") && members.ContainsKey("id") && members.ContainsKey("instructions")));

    /// <summary>Whether a line without a type is what the first versions said of the session.</summary>
    public static bool IsOldMeta(JsonElement line) => JsonText.MemberOrNull(line, "id") is { Length: > 0 } && JsonText.Member(line, "timestamp").ValueKind == JsonValueKind.String;

    /// <summary>Whether a line of this type is an item as the first versions wrote it.</summary>
    public static bool IsOldItem(string type) => Array.IndexOf(OldItems, type) >= 0;

    /// <summary>What the log says of sessions at its beginning: of its own first.</summary>
    public static IReadOnlyList<JsonElement> Metas(ReadOnlySpan<byte> beginning) =>
        [.. HeadLines.Of(beginning).Where(static line => JsonText.MemberOrNull(line, "type") == "session_meta").Select(static line => JsonText.Member(line, "payload"))];

    /// <summary>What a log says of how its agent was spawned; undefined for a session of its own.</summary>
    /// <param name="meta">What the log says of its session.</param>
    public static JsonElement SpawnIn(JsonElement meta) => JsonText.Member(JsonText.Member(JsonText.Member(meta, "source"), "subagent"), "thread_spawn");

    public static SessionLog Read(ReadOnlySpan<byte> beginning)
    {
        var lines = HeadLines.Of(beginning);
        var meta = lines.Where(static line => JsonText.MemberOrNull(line, "type") == "session_meta").Select(static line => JsonText.Member(line, "payload")).FirstOrDefault();
        return new SessionLog
        {
            Format = CodexImporter.Format,
            Path = "",
            Bytes = 0,
            SessionId = JsonText.MemberOrNull(meta, "id") ?? lines.Where(IsOldMeta).Select(static line => JsonText.MemberOrNull(line, "id")).FirstOrDefault(),
            ParentSessionId = JsonText.MemberOrNull(SpawnIn(meta), "parent_thread_id"),
            StartedAtUnixMs = lines.Select(static line => LogTime.Read(JsonText.Member(line, "timestamp"))).FirstOrDefault(static time => time is not null),
            Prompt = lines.Select(PromptIn).FirstOrDefault(static prompt => prompt is not null),
        };
    }

    // What the program puts before the user's words stands in brackets, or is a document.
    private static string? PromptIn(JsonElement line)
    {
        var payload = JsonText.Member(line, "payload") is { ValueKind: JsonValueKind.Object } inside ? inside : line;
        var text = JsonText.MemberOrNull(payload, "type") switch
        {
            "user_message" => JsonText.Read(JsonText.Member(payload, "message"), out _),
            "message" when JsonText.MemberOrNull(payload, "role") == "user" && JsonText.Member(payload, "content") is { ValueKind: JsonValueKind.Array } content =>
                string.Join(' ', content.EnumerateArray().Select(static part => ToolUse.TextOf(JsonText.Member(part, "text")))),
            _ => null,
        };
        return string.IsNullOrWhiteSpace(text) || text.TrimStart() is ['<' or '#', ..] ? null : text;
    }
}

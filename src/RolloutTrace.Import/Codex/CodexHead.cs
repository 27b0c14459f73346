using System.Text.Json;
using RolloutTrace.Import.Input;
using RolloutTrace.Import.Sessions;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Codex;

/// <summary>What the beginning of a log tells of its session.</summary>
internal static class CodexHead
{
    public static bool Recognizes(ReadOnlySpan<byte> beginning) => LineHeads.Any(beginning, static members =>
        members.ContainsKey("timestamp") && members.ContainsKey("payload") && members.GetValueOrDefault("type") is { Length: > 0 });

    public static SessionLog Read(ReadOnlySpan<byte> beginning)
    {
        var lines = HeadLines.Of(beginning);
        var meta = lines.Where(static line => JsonText.MemberOrNull(line, "type") == "session_meta").Select(static line => JsonText.Member(line, "payload")).FirstOrDefault();
        return new SessionLog
        {
            Format = CodexImporter.Format,
            Path = "",
            Bytes = 0,
            SessionId = JsonText.MemberOrNull(meta, "id"),
            StartedAtUnixMs = lines.Select(static line => LogTime.Read(JsonText.Member(line, "timestamp"))).FirstOrDefault(static time => time is not null),
            Prompt = lines.Select(PromptIn).FirstOrDefault(static prompt => prompt is not null),
        };
    }

    // What the program puts before the user's words stands in brackets, or is a document.
    private static string? PromptIn(JsonElement line)
    {
        var payload = JsonText.Member(line, "payload");
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

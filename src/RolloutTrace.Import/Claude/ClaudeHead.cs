using System.Text.Json;
using RolloutTrace.Import.Input;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Claude;

/// <summary>What the beginning of a log tells of its session.</summary>
internal static class ClaudeHead
{
    public static bool Recognizes(ReadOnlySpan<byte> beginning) => LineHeads.Any(beginning, static members =>
        members.GetValueOrDefault("type") is { Length: > 0 } type && !members.ContainsKey("payload") && (
            (members.ContainsKey("sessionId") && (members.ContainsKey("uuid") || members.ContainsKey("timestamp")))
            || (type is "user" or "assistant" or "system" && members.ContainsKey("uuid") && members.ContainsKey("parentUuid"))
            || (type == "summary" && members.ContainsKey("leafUuid"))
            || (type == "file-history-snapshot" && members.ContainsKey("messageId"))));

    /// <summary>The session; null of a helper's file, which comes with its session's.</summary>
    public static SessionLog? Read(ReadOnlySpan<byte> beginning)
    {
        var lines = HeadLines.Of(beginning);
        var conversation = lines.Where(static line => JsonText.MemberOrNull(line, "type") is "user" or "assistant").ToList();
        if (conversation.Count == 0 || conversation.TrueForAll(static line => JsonText.Member(line, "isSidechain").ValueKind == JsonValueKind.True))
        {
            return null;
        }

        return new SessionLog
        {
            Format = ClaudeImporter.Format,
            Path = "",
            Bytes = 0,
            SessionId = lines.Select(static line => JsonText.MemberOrNull(line, "sessionId")).FirstOrDefault(static id => id is not null),
            StartedAtUnixMs = lines.Select(ClaudeLines.TimeOf).FirstOrDefault(static time => time is not null),
            Prompt = conversation.Select(ClaudeLines.PromptIn).FirstOrDefault(static prompt => prompt is not null),
        };
    }
}

using System.Text.Json;
using RolloutTrace.Import.Input;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Claude;

/// <summary>A file of session logs.</summary>
/// <param name="Path">The file.</param>
/// <param name="Sessions">The sessions of which it holds lines.</param>
/// <param name="Ties">What it shares with files that belong to it: its sessions, those from which it copied lines, and the lines with which its conversations begin.</param>
/// <param name="FirstTime">The first time that a line of it tells, in milliseconds since the Unix epoch.</param>
internal sealed record ClaudeFile(string Path, IReadOnlyList<string> Sessions, IReadOnlyCollection<string> Ties, long FirstTime)
{
    /// <summary>Looks through a file. What is wrong with it is told when it is read.</summary>
    public static ClaudeFile Survey(InputFile file, ImportRun run)
    {
        var sessions = new List<string>();
        var ties = new HashSet<string>(StringComparer.Ordinal);
        var origins = new HashSet<string>(StringComparer.Ordinal);
        var first = 0L;
        foreach (var line in new JsonLines(file, run.Silent()).Read())
        {
            first = first > 0 ? first : ClaudeLines.TimeOf(line.Root) ?? 0;
            if (JsonText.MemberOrNull(line.Root, "sessionId") is { Length: > 0 } session && ties.Add(session))
            {
                sessions.Add(session);
            }

            if (JsonText.MemberOrNull(JsonText.Member(line.Root, "forkedFrom"), "sessionId") is { Length: > 0 } origin)
            {
                origins.Add(origin);
            }

            if (JsonText.Member(line.Root, "parentUuid").ValueKind == JsonValueKind.Null && JsonText.MemberOrNull(line.Root, "uuid") is { Length: > 0 } root)
            {
                origins.Add(root);
            }
        }

        ties.UnionWith(origins);
        return new ClaudeFile(file.Path, sessions, ties, first);
    }
}

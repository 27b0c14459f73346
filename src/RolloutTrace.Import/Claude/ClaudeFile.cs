using RolloutTrace.Import.Input;
using RolloutTrace.Wire;

namespace RolloutTrace.Import.Claude;

/// <summary>A file of session logs.</summary>
/// <param name="Path">The file.</param>
/// <param name="Sessions">The sessions of which it holds lines.</param>
/// <param name="FirstTime">The first time that a line of it tells, in milliseconds since the Unix epoch.</param>
internal sealed record ClaudeFile(string Path, IReadOnlyList<string> Sessions, long FirstTime)
{
    /// <summary>Looks through a file. What is wrong with it is told when it is read.</summary>
    public static ClaudeFile Survey(InputFile file, ImportRun run)
    {
        var sessions = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        var first = 0L;
        foreach (var line in new JsonLines(file, run.Silent()).Read())
        {
            first = first > 0 ? first : ClaudeLines.TimeOf(line.Root) ?? 0;
            if (JsonText.MemberOrNull(line.Root, "sessionId") is { Length: > 0 } session && known.Add(session))
            {
                sessions.Add(session);
            }
        }

        return new ClaudeFile(file.Path, sessions, first);
    }
}

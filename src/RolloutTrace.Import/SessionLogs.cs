using RolloutTrace.Import.Claude;
using RolloutTrace.Import.Codex;
using RolloutTrace.Import.Input;

namespace RolloutTrace.Import;

/// <summary>Finds the logs that coding agents keep on this machine. Of each only the beginning is read.</summary>
public static class SessionLogs
{
    private const int LongestPrompt = 200;

    private static readonly EnumerationOptions Enumeration = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>The directories in which logs are looked for: those of Codex (<c>CODEX_HOME</c>, else <c>~/.codex</c>) and of Claude Code (<c>CLAUDE_CONFIG_DIR</c>, else <c>~/.claude</c>).</summary>
    /// <param name="environment">Gives a variable of the environment; null for the process's own.</param>
    public static IReadOnlyList<string> Places(Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        var home = environment("HOME") is { Length: > 0 } named ? named : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var codex = environment("CODEX_HOME") is { Length: > 0 } codexHome ? codexHome : Path.Join(home, ".codex");
        var claude = environment("CLAUDE_CONFIG_DIR") is { Length: > 0 } claudeHome ? claudeHome : Path.Join(home, ".claude");
        return [Path.Join(codex, "sessions"), Path.Join(codex, "archived_sessions"), Path.Join(claude, "projects")];
    }

    /// <summary>The logs that are there, the newest session first, and behind each those of the agents that its agent spawned.</summary>
    /// <param name="environment">Gives a variable of the environment; null for the process's own.</param>
    public static IReadOnlyList<SessionLog> Find(Func<string, string?>? environment = null) => WithHelpers(
    [
        .. Places(environment)
            .Where(Directory.Exists)
            .SelectMany(static place => Directory.EnumerateFiles(place, "*", Enumeration))
            .Select(Read)
            .OfType<SessionLog>()
            .OrderByDescending(static log => log.StartedAtUnixMs ?? 0)
            .ThenBy(static log => log.Path, StringComparer.Ordinal),
    ]);

    // A helper whose session is not there stands where it would without one, and so do those that say of each other that they spawned them.
    private static List<SessionLog> WithHelpers(List<SessionLog> logs)
    {
        var sessions = logs.Select(static log => log.SessionId).ToHashSet(StringComparer.Ordinal);
        var helpers = logs.Where(static log => log.ParentSessionId is not null).ToLookup(static log => log.ParentSessionId, StringComparer.Ordinal);
        var placed = new HashSet<SessionLog>(ReferenceEqualityComparer.Instance);
        var ordered = new List<SessionLog>(logs.Count);
        var next = new Stack<SessionLog>();
        foreach (var first in logs.Where(log => log.ParentSessionId is null || !sessions.Contains(log.ParentSessionId)).Concat(logs))
        {
            next.Push(first);
            while (next.TryPop(out var log))
            {
                if (placed.Add(log))
                {
                    ordered.Add(log);
                    foreach (var helper in log.SessionId is null ? [] : helpers[log.SessionId].Reverse())
                    {
                        next.Push(helper);
                    }
                }
            }
        }

        return ordered;
    }

    private static SessionLog? Read(string path)
    {
        try
        {
            using var file = InputFile.Open(path);
            var head = CodexHead.Recognizes(file.Beginning) ? CodexHead.Read(file.Beginning)
                : ClaudeHead.Recognizes(file.Beginning) ? ClaudeHead.Read(file.Beginning)
                : null;
            return head is null ? null : head with
            {
                Path = path,
                Bytes = new FileInfo(path).Length,
                Prompt = head.Prompt is { Length: > LongestPrompt } prompt ? prompt[..LongestPrompt] : head.Prompt,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            // It cannot be imported either, and import says why.
            return null;
        }
    }
}

namespace RolloutTrace.Import;

/// <summary>
/// What Codex and Claude Code keep beside their logs: lists of sessions and of what was typed, what helpers are called, long outputs of tools,
/// notes. None of it is a log.
/// </summary>
internal static class SessionLogCompanions
{
    /// <summary>Whether a file is one of them, by its name and that of its directory.</summary>
    public static bool Contains(string path)
    {
        var name = Path.GetFileName(path);
        return name is "sessions-index.json" or "session_index.jsonl" or "history.jsonl"
            || (name.StartsWith("agent-", StringComparison.Ordinal) && name.EndsWith(".meta.json", StringComparison.Ordinal))
            || Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))) is "tool-results" or "memory";
    }
}

namespace RolloutTrace.Import.Claude;

/// <summary>What Claude Code keeps beside its logs: a list of sessions, what helpers are called, long outputs of tools, notes. None of it is a log.</summary>
internal static class ClaudeCompanions
{
    /// <summary>Whether a file is one of them, by its name and that of its directory.</summary>
    public static bool Contains(string path)
    {
        var name = Path.GetFileName(path);
        return name is "sessions-index.json"
            || (name.StartsWith("agent-", StringComparison.Ordinal) && name.EndsWith(".meta.json", StringComparison.Ordinal))
            || Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path))) is "tool-results" or "memory";
    }
}

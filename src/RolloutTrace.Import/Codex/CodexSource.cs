namespace RolloutTrace.Import.Codex;

/// <summary>The log of a session, in one file or several, and how it is related to others of the same import.</summary>
internal sealed class CodexSource
{
    /// <summary>Its files, in order.</summary>
    public required IReadOnlyList<CodexFile> Files { get; init; }

    public CodexFile First => Files[0];

    /// <summary>The session whose agent spawned this one's; null for one of its own.</summary>
    public CodexSource? Parent { get; set; }

    /// <summary>The session whose history this one took over at its beginning; null for none.</summary>
    public CodexSource? Origin { get; set; }

    /// <summary>The sessions of the agents that this one's spawned.</summary>
    public List<CodexSource> Helpers { get; } = [];

    /// <summary>What others need to know of it before it is read; null if there are none.</summary>
    public CodexLookAhead? LookAhead { get; set; }

    /// <summary>It, and all that hang below it.</summary>
    public IEnumerable<CodexSource> WithHelpers() => Helpers.SelectMany(static helper => helper.WithHelpers()).Prepend(this);

    /// <summary>Finds the relations of the logs of an import.</summary>
    public static IReadOnlyList<CodexSource> Relate(IReadOnlyList<CodexSource> logs)
    {
        var byId = logs.Where(static log => log.First.SessionId is not null).ToDictionary(static log => log.First.SessionId!, StringComparer.Ordinal);
        foreach (var log in logs)
        {
            log.Parent = Other(log.First.ParentId, log);
            log.Origin = Other(log.First.OriginId, log) ?? log.Parent;
        }

        foreach (var log in logs.Where(static log => log.Parent is not null))
        {
            if (IsBelowItself(log, logs.Count))
            {
                log.Parent = null;
            }

            log.Parent?.Helpers.Add(log);
        }

        return logs;

        CodexSource? Other(string? id, CodexSource log) => id is not null && byId.GetValueOrDefault(id) is { } other && other != log ? other : null;
    }

    private static bool IsBelowItself(CodexSource log, int most)
    {
        var at = log.Parent;
        for (var steps = 0; at is not null && steps <= most; steps++, at = at.Parent)
        {
            if (at == log)
            {
                return true;
            }
        }

        return at is not null;
    }
}

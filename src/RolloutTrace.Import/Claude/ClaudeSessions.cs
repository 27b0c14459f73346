using RolloutTrace.Import.Sessions;

namespace RolloutTrace.Import.Claude;

/// <summary>The sessions of files that belong together: lines are put in order, agents told apart, and each session is written.</summary>
internal sealed class ClaudeSessions(ImportRun run, IReadOnlyList<ClaudeFile> files)
{
    private readonly HashSet<(string SessionId, string File)> conversing = [];

    /// <summary>Reads and writes them.</summary>
    public void Import()
    {
        var spool = new LogSpool(run.InMemory);
        try
        {
            Import(spool);
        }
        finally
        {
            spool.Close();
        }
    }

    private void Import(LogSpool spool)
    {
        var lines = InOrder(files.Select(file => new ClaudeLines(run, file, spool).Read()));
        var filesOf = conversing.ToLookup(static entry => entry.SessionId, static entry => entry.File, StringComparer.Ordinal);
        var tree = new ClaudeTree(run, lines, spool);
        var given = new HashSet<string>(StringComparer.Ordinal);
        foreach (var session in lines.GroupBy(static line => line.SessionId, StringComparer.Ordinal))
        {
            var ofSession = session.ToList();
            if (session.Key.Length > 0 && ofSession.Exists(static line => line.Kind is ClaudeLineKind.Prompt or ClaudeLineKind.Answer or ClaudeLineKind.Failure))
            {
                new ClaudeRollout(run, ofSession, tree.ThreadsOf(session.Key), spool).Write();
                given.UnionWith(filesOf[session.Key]);
            }
        }

        foreach (var file in files.Where(file => !given.Contains(file.Path)))
        {
            run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.NothingFound, file.Path, line: null, "holds no conversation");
        }
    }

    // By time, but never against the order of a file, and nothing before what it follows.
    private List<ClaudeLine> InOrder(IEnumerable<List<ClaudeLine>> files)
    {
        var sorted = files
            .Where(static file => file.Count > 0)
            .OrderBy(static file => file[0].Time)
            .ThenBy(static file => file[0].IsSidechain)
            .ThenBy(static file => file[0].Uuid, StringComparer.Ordinal)
            .SelectMany(static file => file)
            .OrderBy(static line => line.Time)
            .ToList();
        ClaudeCopies.Return(sorted);
        conversing.UnionWith(sorted.Where(static line => line.Kind != ClaudeLineKind.Aside).Select(static line => (line.SessionId, line.File)));
        var lines = BehindParents(Once(sorted));
        for (var i = 0; i < lines.Count; i++)
        {
            lines[i].Order = i;
        }

        return lines;
    }

    // Of lines that stand in several files, the first counts. One that says something else is another line.
    private List<ClaudeLine> Once(List<ClaudeLine> lines)
    {
        var known = new Dictionary<(string, string), ClaudeLine>();
        var once = new List<ClaudeLine>(lines.Count);
        foreach (var line in lines)
        {
            if (line.Uuid is null || known.TryAdd((line.SessionId, line.Uuid), line))
            {
                once.Add(line);
            }
            else if (!known[(line.SessionId, line.Uuid)].SaysTheSame(line))
            {
                run.Diagnostics.Add(ImportSeverity.Warning, ImportCodes.LineRepeated, line.File, line.Number, "has the uuid of an earlier line and says something else; both are kept");
                once.Add(line);
            }
        }

        return once;
    }

    private static List<ClaudeLine> BehindParents(List<ClaudeLine> lines)
    {
        var byUuid = new Dictionary<string, ClaudeLine>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            if (line.Uuid is not null)
            {
                byUuid.TryAdd(line.Uuid, line);
            }
        }

        var placed = new HashSet<ClaudeLine>();
        var ordered = new List<ClaudeLine>(lines.Count);
        var chain = new Stack<ClaudeLine>();
        foreach (var line in lines)
        {
            for (var at = line; at is not null && placed.Add(at); at = at.ParentUuid is null ? null : byUuid.GetValueOrDefault(at.ParentUuid))
            {
                chain.Push(at);
            }

            while (chain.TryPop(out var next))
            {
                ordered.Add(next);
            }
        }

        return ordered;
    }
}

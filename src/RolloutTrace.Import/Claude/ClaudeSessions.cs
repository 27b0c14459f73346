namespace RolloutTrace.Import.Claude;

/// <summary>The sessions of files that belong together: lines are put in order, agents told apart, and each session is written.</summary>
internal sealed class ClaudeSessions(ImportRun run, IReadOnlyList<ClaudeFile> files)
{
    /// <summary>Reads and writes them.</summary>
    public void Import()
    {
        var lines = InOrder(files.Select(file => new ClaudeLines(run, file).Read()));
        var tree = new ClaudeTree(run, lines);
        var given = new HashSet<string>(StringComparer.Ordinal);
        foreach (var session in lines.GroupBy(static line => line.SessionId, StringComparer.Ordinal))
        {
            var ofSession = session.ToList();
            if (session.Key.Length > 0 && ofSession.Exists(static line => line.Kind is ClaudeLineKind.Prompt or ClaudeLineKind.Answer or ClaudeLineKind.Failure))
            {
                new ClaudeRollout(run, ofSession, tree.ThreadsOf(session.Key)).Write();
                given.UnionWith(ofSession.Where(static line => line.Kind != ClaudeLineKind.Aside).Select(static line => line.File));
            }
        }

        foreach (var file in files.Where(file => !given.Contains(file.Path)))
        {
            run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.NothingFound, file.Path, line: null, "holds no conversation");
        }
    }

    // By time, but never against the order of a file. Of lines that stand in several files, the first counts.
    private static List<ClaudeLine> InOrder(IEnumerable<List<ClaudeLine>> files)
    {
        var known = new HashSet<(string, string)>();
        var lines = files
            .Where(static file => file.Count > 0)
            .OrderBy(static file => file[0].Time)
            .ThenBy(static file => file[0].IsSidechain)
            .ThenBy(static file => file[0].Uuid, StringComparer.Ordinal)
            .SelectMany(static file => file)
            .OrderBy(static line => line.Time)
            .Where(line => line.Uuid is null || known.Add((line.SessionId, line.Uuid)))
            .ToList();
        for (var i = 0; i < lines.Count; i++)
        {
            lines[i].Order = i;
        }

        return lines;
    }
}

namespace CodingAgent.Tools.Patching;

/// <summary>Applies hunks to a file's text.</summary>
internal static class HunkApplication
{
    /// <exception cref="ToolException">The file does not have what a hunk changes.</exception>
    public static string Apply(string path, string content, IEnumerable<Hunk> hunks)
    {
        var endsWithNewline = content.EndsWith('\n');
        var lines = content.Split('\n').ToList();
        if (endsWithNewline)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        var from = 0;
        foreach (var hunk in hunks)
        {
            if (hunk.After is { } context)
            {
                from = Find(lines, [context], from) + 1;
                if (from == 0)
                {
                    throw new ToolException($"{path} has no line '{context}'.");
                }
            }

            var old = hunk.Old.ToList();
            var place = old.Count == 0 ? lines.Count : Find(lines, old, from);
            if (place < 0)
            {
                throw new ToolException($"{path} does not have these lines:\n{string.Join('\n', old)}");
            }

            lines.RemoveRange(place, old.Count);
            var replacement = hunk.New.ToList();
            lines.InsertRange(place, replacement);
            from = place + replacement.Count;
        }

        return string.Join('\n', lines) + (endsWithNewline || lines.Count == 0 ? "\n" : "");
    }

    /// <summary>Where the lines stand, exactly or else but for white space around them; -1 if they do not.</summary>
    private static int Find(List<string> lines, List<string> sought, int from)
    {
        var exact = Find(lines, sought, from, static l => l);
        return exact >= 0 ? exact : Find(lines, sought, from, static l => l.Trim());
    }

    private static int Find(List<string> lines, List<string> sought, int from, Func<string, string> view)
    {
        for (var start = from; start <= lines.Count - sought.Count; start++)
        {
            if (sought.Select((line, i) => view(lines[start + i]) == view(line)).All(same => same))
            {
                return start;
            }
        }

        return -1;
    }
}

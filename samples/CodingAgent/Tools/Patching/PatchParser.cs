namespace CodingAgent.Tools.Patching;

/// <summary>Reads a patch in the form that coding models are trained on.</summary>
internal sealed class PatchParser
{
    private const string Begin = "*** Begin Patch";
    private const string End = "*** End Patch";
    private const string Add = "*** Add File: ";
    private const string Delete = "*** Delete File: ";
    private const string Update = "*** Update File: ";
    private const string Move = "*** Move to: ";
    private const string EndOfFile = "*** End of File";
    private const string HunkMark = "@@";

    private readonly string[] lines;
    private int at;

    private PatchParser(string patch) => lines = patch.ReplaceLineEndings("\n").Trim('\n').Split('\n');

    /// <exception cref="ToolException">It is no patch.</exception>
    public static IReadOnlyList<FileChange> Parse(string patch) => new PatchParser(patch).Parse();

    private List<FileChange> Parse()
    {
        if (lines[at++].Trim() != Begin || lines[^1].Trim() != End)
        {
            throw new ToolException($"A patch begins with '{Begin}' and ends with '{End}'.");
        }

        var changes = new List<FileChange>();
        while (at < lines.Length - 1)
        {
            var line = lines[at++];
            changes.Add(
                After(line, Add) is { } added ? new AddFile(added, AddedContent())
                : After(line, Delete) is { } deleted ? new DeleteFile(deleted)
                : After(line, Update) is { } updated ? UpdateOf(updated)
                : throw new ToolException($"Line {at} of the patch names no file: {line}"));
        }

        return changes;
    }

    private static string? After(string line, string mark) => line.StartsWith(mark, StringComparison.Ordinal) ? line[mark.Length..].Trim() : null;

    private string AddedContent() => string.Concat(LinesWhile(l => l.StartsWith('+')).Select(l => l[1..] + "\n"));

    private UpdateFile UpdateOf(string path)
    {
        var moveTo = After(lines[at], Move);
        if (moveTo is not null)
        {
            at++;
        }

        var hunks = new List<Hunk>();
        while (at < lines.Length - 1 && (!lines[at].StartsWith("*** ", StringComparison.Ordinal) || lines[at].Trim() == EndOfFile))
        {
            if (lines[at].Trim() == EndOfFile)
            {
                at++;
                continue;
            }

            string? after = null;
            if (After(lines[at], HunkMark) is { } context)
            {
                after = context.Length > 0 ? context : null;
                at++;
            }

            // Models leave out the space of an empty line.
            var hunk = LinesWhile(l => l.Length == 0 || l[0] is ' ' or '+' or '-').Select(l => l.Length == 0 ? " " : l).ToList();
            if (hunk.Count == 0)
            {
                throw new ToolException($"Line {at + 1} of the patch belongs to no hunk: {lines[at]}");
            }

            hunks.Add(new Hunk(after, hunk));
        }

        return new UpdateFile(path, moveTo, hunks);
    }

    private List<string> LinesWhile(Func<string, bool> condition)
    {
        var taken = new List<string>();
        while (at < lines.Length - 1 && condition(lines[at]))
        {
            taken.Add(lines[at++]);
        }

        return taken;
    }
}

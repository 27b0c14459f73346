using System.Runtime.CompilerServices;

namespace RolloutTrace.Documentation.Tests;

/// <summary>A document of this repository: its fenced blocks, with the section that each stands in.</summary>
internal sealed class Markdown
{
    private Markdown(string path)
    {
        Path = path;
        Text = File.ReadAllText(System.IO.Path.Join(Root, path)).ReplaceLineEndings("\n");
        Blocks = [.. Read(Text)];
    }

    /// <summary>The repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>All documents that readers of packages and repository see, by their paths.</summary>
    public static IReadOnlyList<string> Paths { get; } =
        ["README.md", .. Directory.EnumerateFiles(System.IO.Path.Join(Root, "src"), "README.md", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }).Select(path => System.IO.Path.GetRelativePath(Root, path)).Order(StringComparer.Ordinal)];

    /// <summary>Its path below the repository.</summary>
    public string Path { get; }

    public string Text { get; }

    public IReadOnlyList<CodeBlock> Blocks { get; }

    public static Markdown Open(string path) => new(path);

    private static IEnumerable<CodeBlock> Read(string text)
    {
        var lines = text.Split('\n');
        var section = "";
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith('#'))
            {
                section = lines[i].TrimStart('#', ' ');
            }
            else if (lines[i].StartsWith("```", StringComparison.Ordinal))
            {
                var end = Array.IndexOf(lines, "```", i + 1);
                yield return new CodeBlock(lines[i][3..].Trim(), section, i + 2, string.Join('\n', lines[(i + 1)..end]));
                i = end;
            }
        }
    }

    private static string FindRoot([CallerFilePath] string file = "") => System.IO.Path.GetFullPath(System.IO.Path.Join(System.IO.Path.GetDirectoryName(file), "..", ".."));
}

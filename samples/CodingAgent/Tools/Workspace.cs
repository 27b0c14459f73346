namespace CodingAgent.Tools;

/// <summary>The directory in which agents work. Paths that models give are relative to it and stay inside.</summary>
internal sealed class Workspace(string root)
{
    private readonly string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));

    /// <exception cref="ToolException">The path leads out of the workspace.</exception>
    public string Resolve(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, root));
        return full == root || full.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? full
            : throw new ToolException($"{path} is outside of the workspace.");
    }
}

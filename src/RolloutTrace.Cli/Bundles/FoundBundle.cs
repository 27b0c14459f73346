using RolloutTrace.Bundle;

namespace RolloutTrace.Cli;

/// <summary>A bundle that a command line means, or a path that means none and why.</summary>
internal sealed class FoundBundle
{
    private readonly FoundArchive? archive;
    private readonly string inArchive = "";

    private FoundBundle(string path, string? problem, FoundArchive? archive, string inArchive)
    {
        Path = path;
        Problem = problem;
        this.archive = archive;
        this.inArchive = inArchive;
    }

    /// <summary>The bundle's directory or archive as the command line names it, or the path that means none.</summary>
    public string Path { get; }

    /// <summary>Why it means none; null if it does.</summary>
    public string? Problem { get; }

    /// <summary>Whether nothing can be written into it.</summary>
    public bool IsArchived => archive is not null;

    public static FoundBundle InDirectory(string path) => new(path, problem: null, archive: null, inArchive: "");

    public static FoundBundle InArchive(string path, FoundArchive archive, string inArchive) => new(path, problem: null, archive, inArchive);

    public static FoundBundle None(string path, string problem) => new(path, problem, archive: null, inArchive: "");

    /// <summary>Opens it.</summary>
    /// <exception cref="BundleException">It cannot be read.</exception>
    public OpenedBundle Open()
    {
        if (archive is null)
        {
            return new OpenedBundle(BundleReader.Open(Path), archive: null);
        }

        var opened = archive.Open();
        try
        {
            return new OpenedBundle(BundleReader.Open(opened.FilesOf(inArchive)), opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }
}

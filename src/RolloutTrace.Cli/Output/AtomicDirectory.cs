namespace RolloutTrace.Cli;

/// <summary>Fills a directory beside its place and moves it into it: it is there whole, or not at all.</summary>
internal static class AtomicDirectory
{
    /// <summary>Why a directory cannot be written; null if it can.</summary>
    public static string? WhyNot(string path) =>
        File.Exists(path) ? $"{path}: is a file"
        : Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any() ? $"{path}: is there already, and not empty"
        : null;

    /// <summary>Writes a directory.</summary>
    /// <param name="path">Its place, where there is nothing or an empty directory.</param>
    /// <param name="fill">Fills a directory, which it has to create; false if there is nothing worth keeping.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, Func<string, bool> fill)
    {
        var place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var beside = Path.Join(Path.GetDirectoryName(place), $".{Path.GetFileName(place)}.{Guid.NewGuid():N}.tmp");
        try
        {
            if (fill(beside))
            {
                if (Directory.Exists(place))
                {
                    Directory.Delete(place);
                }

                Directory.Move(beside, place);
            }
        }
        finally
        {
            if (Directory.Exists(beside))
            {
                Directory.Delete(beside, recursive: true);
            }
        }
    }
}

namespace RolloutTrace.Import.Input;

/// <summary>Finds the files that paths mean.</summary>
internal static class InputFinder
{
    // Links are not followed: a directory must not lead anywhere else, nor in circles.
    private static readonly EnumerationOptions Enumeration = new() { AttributesToSkip = FileAttributes.ReparsePoint };

    /// <summary>
    /// A file means itself, a directory all files below it but those that are hidden (by a dot). Each is given once, in the order of
    /// their paths whatever the order in which they were asked for.
    /// </summary>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths, DiagnosticLog diagnostics)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            if (Directory.Exists(path))
            {
                if (!AddBelow(path, found, diagnostics))
                {
                    diagnostics.Add(ImportSeverity.Error, ImportCodes.NothingFound, path, line: null, "holds no file");
                }
            }
            else if (Path.Exists(path))
            {
                found.TryAdd(Path.GetFullPath(path), path);
            }
            else
            {
                diagnostics.Add(ImportSeverity.Error, ImportCodes.FileUnreadable, path, line: null, "is not there");
            }
        }

        return [.. found.Values];
    }

    // Whether there is a file, be it one that another path means already, or something else has been told.
    private static bool AddBelow(string directory, SortedDictionary<string, string> found, DiagnosticLog diagnostics)
    {
        var any = false;
        try
        {
            foreach (var file in Directory.EnumerateFiles(directory, "*", Enumeration).Where(IsMeant))
            {
                any = true;
                found.TryAdd(Path.GetFullPath(file), file);
            }

            foreach (var below in Directory.EnumerateDirectories(directory, "*", Enumeration).Where(IsMeant))
            {
                any |= AddBelow(below, found, diagnostics);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            diagnostics.Add(ImportSeverity.Error, ImportCodes.FileUnreadable, directory, line: null, $"cannot be listed: {e.Message}");
            any = true;
        }

        return any;
    }

    private static bool IsMeant(string path) => !Path.GetFileName(path.AsSpan()).StartsWith(".");
}

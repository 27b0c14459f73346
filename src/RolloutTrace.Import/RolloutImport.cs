using RolloutTrace.Import.Input;

namespace RolloutTrace.Import;

/// <summary>
/// Makes bundles of what others have recorded. What a file is, is told by what it begins with, not by its name. The same input gives
/// the same bundles, byte for byte, wherever it lies; names of files and machines are not written.
/// </summary>
public static class RolloutImport
{
    /// <summary>Imports files. What cannot be read costs itself only, and is told in the result.</summary>
    /// <param name="paths">Files, or directories whose files at any depth are meant. Compressed ones (gzip, zstd) are read as what is in them.</param>
    /// <param name="output">
    /// The directory that gets the bundles; created where it is missing. A bundle of the same rollout that an earlier import has left
    /// there is replaced.
    /// </param>
    /// <param name="options">How to read; the defaults if null.</param>
    public static ImportResult Run(IReadOnlyList<string> paths, string output, ImportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentException.ThrowIfNullOrEmpty(output);
        return Run(paths, new ImportRun(output, options ?? new ImportOptions()));
    }

    /// <summary>Whether a file begins as one that can be imported. Its beginning is read, and nothing more; one that cannot be read is none.</summary>
    /// <param name="path">The file.</param>
    public static bool Recognizes(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            using var file = InputFile.Open(path);
            return Importers.Create(new ImportRun(string.Empty, new ImportOptions())).Any(importer => importer.Recognizes(file.Beginning));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Imports files in a run.</summary>
    internal static ImportResult Run(IReadOnlyList<string> paths, ImportRun run)
    {
        var importers = Importers.Create(run);
        foreach (var path in InputFinder.Find(paths, run.Diagnostics))
        {
            Read(path, importers, run);
        }

        foreach (var importer in importers)
        {
            importer.Finish();
        }

        return run.Result();
    }

    private static void Read(string path, IReadOnlyList<IImporter> importers, ImportRun run)
    {
        try
        {
            using var file = InputFile.Open(path);
            if (importers.FirstOrDefault(importer => importer.Recognizes(file.Beginning)) is { } importer)
            {
                importer.Read(file);
            }
            else
            {
                Unknown(path, isEmpty: file.Beginning.IsEmpty, run);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.FileUnreadable, path, line: null, $"cannot be read: {e.Message}");
        }
    }

    private static void Unknown(string path, bool isEmpty, ImportRun run)
    {
        if (SessionLogCompanions.Contains(path))
        {
            run.Diagnostics.Add(ImportSeverity.Information, ImportCodes.FormatUnknown, path, line: null, "lies beside session logs, and is none");
        }
        else
        {
            run.Diagnostics.Add(ImportSeverity.Error, ImportCodes.FormatUnknown, path, line: null, isEmpty ? "is empty" : "is of no format that is known");
        }
    }
}

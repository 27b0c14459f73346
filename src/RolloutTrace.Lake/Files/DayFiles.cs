using RolloutTrace.Lake.Tables;

namespace RolloutTrace.Lake;

/// <summary>The files of one table of one day.</summary>
internal sealed record DayFiles
{
    public required Table Table { get; init; }

    public required string Directory { get; init; }

    public required IReadOnlyList<(string Bundle, string Path)> OfBundles { get; init; }

    public required IReadOnlyList<string> Compacted { get; init; }

    public IReadOnlyList<string> All => [.. Compacted, .. OfBundles.Select(static file => file.Path)];

    public static DayFiles Find(Table table, string directory)
    {
        string[] files = System.IO.Directory.Exists(directory) ? [.. System.IO.Directory.EnumerateFiles(directory, "*" + LakeDirectory.Extension).Order(StringComparer.Ordinal)] : [];
        return new DayFiles
        {
            Table = table,
            Directory = directory,
            OfBundles = [.. files.Select(static file => (Bundle: LakeFileName.BundleOf(Path.GetFileName(file))!, Path: file)).Where(static file => file.Bundle is not null)],
            Compacted = [.. files.Where(static file => LakeFileName.IsCompacted(Path.GetFileName(file)))],
        };
    }
}

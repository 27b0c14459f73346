using RolloutTrace.Lake.Tables;

namespace RolloutTrace.Lake;

/// <summary>The files of one table of one day.</summary>
internal sealed record DayFiles
{
    public required Table Table { get; init; }

    public required string Day { get; init; }

    public required IReadOnlyList<(string Bundle, LakeFile File)> OfBundles { get; init; }

    public required IReadOnlyList<LakeFile> Compacted { get; init; }

    public int Count => Compacted.Count + OfBundles.Count;

    public static async Task<DayFiles> FindAsync(LakeFiles lake, Table table, string day)
    {
        var files = new List<LakeFile>();
        await foreach (var file in lake.OfDayAsync(table.Name, day).ConfigureAwait(false))
        {
            files.Add(file);
        }

        files.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return new DayFiles
        {
            Table = table,
            Day = day,
            OfBundles = [.. files.Select(static file => (Bundle: LakeFileName.BundleOf(Path.GetFileName(file.Name))!, File: file)).Where(static file => file.Bundle is not null)],
            Compacted = [.. files.Where(static file => LakeFileName.IsCompacted(Path.GetFileName(file.Name)))],
        };
    }
}

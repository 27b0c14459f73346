using RolloutTrace.Bundle;

namespace RolloutTrace.Lake;

/// <summary>
/// A lake in a directory: <c>{table}/day={day}/{bundle}.{hash}.parquet</c>. A rollout that is put again replaces what it had, in every table; the
/// same rollout, put twice or by two at once, changes nothing. Each file is whole whenever it is there. Safe for concurrent use, also by several
/// processes as long as they put the same of one rollout.
/// </summary>
public sealed class LakeDirectory
{
    internal const string Extension = ".parquet";

    private readonly Lazy<FilesOfBundles> files;

    /// <summary>A lake; the directory is made when something is put.</summary>
    /// <param name="path">The directory.</param>
    public LakeDirectory(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = System.IO.Path.GetFullPath(path);
        files = new Lazy<FilesOfBundles>(() => FilesOfBundles.Find(this));
    }

    /// <summary>The directory, as a whole path.</summary>
    public string Path { get; }

    /// <summary>
    /// Whether others put rollouts meanwhile that may be put here too, with other rows: then each put looks for the rollout's files anew, which takes the longer
    /// the more files there are. False by default: files are looked up once.
    /// </summary>
    public bool IsShared { get; init; }

    /// <summary>Whether a name is the lake's own, and no bundle may have it.</summary>
    /// <param name="bundle">The name.</param>
    public static bool IsReserved(string bundle) => bundle == LakeFileName.Compacted;

    /// <summary>Whether anything can be written into it just now: if so, what cannot be put is to blame.</summary>
    public bool IsWritable()
    {
        try
        {
            Directory.CreateDirectory(Path);
            var probe = System.IO.Path.Join(Path, $".{Guid.NewGuid():N}.tmp");
            using (new FileStream(probe, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose }))
            {
                return true;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Puts a rollout's rows: the new files first, then the rollout's others go.</summary>
    /// <param name="bundle">The bundle's name.</param>
    /// <param name="day">The rollout's day.</param>
    /// <param name="tables">What <see cref="RolloutTables.WriteAsync"/> gave for it.</param>
    /// <param name="flush">Whether each file is flushed to the device before it is there. False for who would export again after a power cut.</param>
    /// <exception cref="ArgumentException">The name is none, or the day no day.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be written.</exception>
    public void Put(string bundle, string day, IReadOnlyList<TableFile> tables, bool flush = true)
    {
        ArgumentNullException.ThrowIfNull(tables);
        if (!BundleName.IsValid(bundle) || IsReserved(bundle))
        {
            throw new ArgumentException($"'{bundle}' is no bundle's name", nameof(bundle));
        }

        if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", out _))
        {
            throw new ArgumentException($"'{day}' is no day", nameof(day));
        }

        var known = IsShared ? null : files.Value;
        var put = new List<string>();

        // Rows beside a rollout that is not there do not count, so the rollout comes last.
        foreach (var table in tables.OrderBy(static table => table.Table == RolloutTables.Rollouts))
        {
            var place = System.IO.Path.Join(Path, table.Table, $"day={day}", $"{bundle}.{table.Hash}{Extension}");
            put.Add(place);
            if (!File.Exists(place))
            {
                WholeFile.Write(place, table.Content.Span, flush);
            }
        }

        foreach (var other in known is null ? FilesOfBundles.Of(this, bundle).Except(put, StringComparer.Ordinal) : known.Replace(bundle, put))
        {
            File.Delete(other);
        }
    }

    /// <summary>
    /// Makes one file a day and table of the many. Rows of a rollout that was put again since the last time are dropped from what was compacted. Rollouts
    /// may be put meanwhile; who reads in between may see rows twice, and none is ever missing. What a killed one leaves goes with the next.
    /// </summary>
    /// <returns>What was made of what, day by day; a day that is one file a table already is not among it.</returns>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read or written.</exception>
    /// <exception cref="InvalidDataException">A file in the lake is no table of ours; it is named.</exception>
    public Task<IReadOnlyList<CompactedDay>> CompactAsync() => new LakeCompaction(this).RunAsync();

    /// <summary>The directories of a table's days.</summary>
    internal IEnumerable<string> DaysOf(string table)
    {
        var directory = System.IO.Path.Join(Path, table);
        return Directory.Exists(directory) ? Directory.EnumerateDirectories(directory, "day=*") : [];
    }
}

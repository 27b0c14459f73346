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

    /// <summary>Puts a rollout's rows: the new files first, then the rollout's others go.</summary>
    /// <param name="bundle">The bundle's name.</param>
    /// <param name="day">The rollout's day.</param>
    /// <param name="tables">What <see cref="RolloutTables.WriteAsync"/> gave for it.</param>
    /// <exception cref="ArgumentException">The name is none, or the day no day.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be written.</exception>
    public void Put(string bundle, string day, IReadOnlyList<TableFile> tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        if (!BundleName.IsValid(bundle))
        {
            throw new ArgumentException($"'{bundle}' is no bundle's name", nameof(bundle));
        }

        if (!DateOnly.TryParseExact(day, "yyyy-MM-dd", out _))
        {
            throw new ArgumentException($"'{day}' is no day", nameof(day));
        }

        var known = files.Value;
        var put = new List<string>();
        foreach (var table in tables)
        {
            var place = System.IO.Path.Join(Path, table.Table, $"day={day}", $"{bundle}.{table.Hash}{Extension}");
            put.Add(place);
            if (!File.Exists(place))
            {
                WholeFile.Write(place, table.Content.Span);
            }
        }

        foreach (var other in known.Replace(bundle, put))
        {
            File.Delete(other);
        }
    }

    /// <summary>The directories of a table's days.</summary>
    internal IEnumerable<string> DaysOf(string table)
    {
        var directory = System.IO.Path.Join(Path, table);
        return Directory.Exists(directory) ? Directory.EnumerateDirectories(directory, "day=*") : [];
    }
}

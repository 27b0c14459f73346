using RolloutTrace.Bundle;

namespace RolloutTrace.Lake;

/// <summary>
/// A lake: files <c>{table}/day={day}/{bundle}.{hash}.parquet</c>. A rollout that is put again replaces what it had, in every table; the same rollout, put
/// twice or by two at once, changes nothing. Each file is whole whenever it is there. Safe for concurrent use, also by several processes as long as they put
/// the same of one rollout. What goes wrong is an <see cref="IOException"/> or an <see cref="UnauthorizedAccessException"/>.
/// </summary>
public sealed class RolloutLake
{
    /// <summary>The directory of a copy in which the names are of the files that rollouts have of their own in <c>rollouts</c>, on all days.</summary>
    public const string OwnNames = ".own";

    internal const string Extension = ".parquet";

    private readonly Lock gate = new();
    private Task<FilesOfBundles>? known;

    /// <summary>A lake in a directory, which is made when something is put.</summary>
    /// <param name="path">The directory.</param>
    public RolloutLake(string path)
        : this(InDirectory(path))
    {
    }

    /// <summary>A lake elsewhere.</summary>
    /// <param name="files">Where its files lie.</param>
    public RolloutLake(LakeFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        Files = files;
    }

    /// <summary>Where its files lie.</summary>
    public LakeFiles Files { get; }

    /// <summary>The directory as a whole path, or the address.</summary>
    public string Place => Files.Place;

    /// <summary>
    /// Whether others put rollouts meanwhile that may be put here too, with other rows: then each put looks for the rollout's files anew. False by default: all
    /// files are looked up once.
    /// </summary>
    public bool IsShared { get; init; }

    /// <summary>The files of a directory.</summary>
    /// <param name="path">The directory.</param>
    public static LakeFiles InDirectory(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new DirectoryFiles(path);
    }

    /// <summary>Whether a name is the lake's own, and no bundle may have it.</summary>
    /// <param name="bundle">The name.</param>
    public static bool IsReserved(string bundle) => bundle == LakeFileName.Compacted;

    /// <summary>Puts a rollout's rows: the new files first, then the rollout's others go.</summary>
    /// <param name="bundle">The bundle's name.</param>
    /// <param name="day">The rollout's day.</param>
    /// <param name="tables">What <see cref="RolloutTables.WriteAsync"/> gave for it.</param>
    /// <param name="flush">Whether each file is safe when it is there. False for who would export again after a power cut.</param>
    /// <exception cref="ArgumentException">The name is none, or the day no day.</exception>
    public async Task PutAsync(string bundle, string day, IReadOnlyList<TableFile> tables, bool flush = true)
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

        var before = IsShared ? null : await KnownAsync().ConfigureAwait(false);
        string NameOf(TableFile table) => LakeFileName.In(table.Table, day, bundle, table.Hash);

        // Rows beside a rollout that is not there do not count, so the rollout comes last.
        var options = new ParallelOptions { MaxDegreeOfParallelism = Files.AtOnce };
        foreach (var some in tables.ToLookup(static table => table.Table == RolloutTables.Rollouts).OrderBy(static some => some.Key))
        {
            await Parallel.ForEachAsync(some, options, async (table, _) =>
            {
                if (!await Files.HasAsync(NameOf(table)).ConfigureAwait(false))
                {
                    await Files.WriteAsync(NameOf(table), table.Content, flush).ConfigureAwait(false);
                }
            }).ConfigureAwait(false);
        }

        string[] put = [.. tables.Select(NameOf)];
        var others = before is null ? (await Files.OfBundleAsync(bundle, day).ConfigureAwait(false)).Except(put, StringComparer.Ordinal) : before.Replace(bundle, put);

        // Who has no row in rollouts any more is not looked for on other days.
        foreach (var some in others.ToLookup(static name => name.StartsWith($"{RolloutTables.Rollouts}/", StringComparison.Ordinal)).OrderBy(static some => some.Key))
        {
            await Parallel.ForEachAsync(some, options, async (name, _) => await Files.DeleteAsync(name).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Makes one file a day and table of the many. Rows of a rollout that was put again since the last time are dropped from what was compacted. Rollouts
    /// may be put meanwhile; who reads in between may see rows twice, and none is ever missing. What a killed one leaves goes with the next.
    /// </summary>
    /// <returns>What was made of what, day by day; a day that is one file a table already is not among it.</returns>
    /// <exception cref="InvalidDataException">A file in the lake is no table of ours; it is named.</exception>
    public Task<IReadOnlyList<CompactedDay>> CompactAsync() => new LakeCompaction(Files).RunAsync();

    /// <summary>Copies a part of it into a directory, which has the same files by the same names, and in <see cref="OwnNames"/> what is needed to tell which of them count.</summary>
    /// <param name="part">Which.</param>
    /// <param name="directory">A directory with nothing in it.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public Task<CopiedPart> CopyAsync(LakePart part, string directory, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(part);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        return new LakeCopy(Files, part, directory).RunAsync(cancellation);
    }

    // What could not be looked through is looked through by the next.
    private Task<FilesOfBundles> KnownAsync()
    {
        lock (gate)
        {
            return known = known is null or { IsFaulted: true } ? FilesOfBundles.FindAsync(Files) : known;
        }
    }
}

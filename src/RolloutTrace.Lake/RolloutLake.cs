using System.Collections.Concurrent;
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
        var written = await WriteAsync(tables, NameOf, flush).ConfigureAwait(false);
        string[] put = [.. tables.Select(NameOf)];
        var there = before is null ? await Files.OfBundleAsync(bundle, day).ConfigureAwait(false) : null;
        var others = there?.Except(put, StringComparer.Ordinal) ?? before!.Replace(bundle, put);

        // A compaction may have deleted what was there before this rollout's row was, which it looks for afterwards. So one of the two sees the other.
        for (var doubtful = tables.Where(table => !(there ?? [.. written]).Contains(NameOf(table), StringComparer.Ordinal)).ToList(); doubtful.Count > 0;)
        {
            written = await WriteAsync(doubtful, NameOf, flush).ConfigureAwait(false);
            doubtful = written.Any(static name => IsOfRollouts(name)) ? [.. tables.Where(static table => table.Table != RolloutTables.Rollouts)] : [];
        }

        // Who has no row in rollouts any more is not looked for on other days.
        var options = new ParallelOptions { MaxDegreeOfParallelism = Files.AtOnce };
        foreach (var some in others.ToLookup(IsOfRollouts).OrderBy(static some => some.Key))
        {
            await Parallel.ForEachAsync(some, options, async (name, _) => await Files.DeleteAsync(name).ConfigureAwait(false)).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Makes one file a day and table of the many, or several large ones. Rows of a rollout that was put again since the last time are dropped from what was compacted. Rollouts
    /// may be put meanwhile. By the rules of the views each row counts once at each moment, wherever this is killed; who reads all files there are sees rows
    /// twice from when the new files are put until the old ones have gone. What a killed one leaves goes with the next. One at a time.
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

    private static bool IsOfRollouts(string name) => name.StartsWith($"{RolloutTables.Rollouts}/", StringComparison.Ordinal);

    // Those that are not there. Rows beside a rollout that is not there do not count, so the rollout comes last.
    private async Task<IReadOnlyCollection<string>> WriteAsync(IReadOnlyList<TableFile> tables, Func<TableFile, string> nameOf, bool flush)
    {
        var written = new ConcurrentBag<string>();
        foreach (var some in tables.ToLookup(static table => table.Table == RolloutTables.Rollouts).OrderBy(static some => some.Key))
        {
            await Parallel.ForEachAsync(some, new ParallelOptions { MaxDegreeOfParallelism = Files.AtOnce }, async (table, _) =>
            {
                if (!await Files.HasAsync(nameOf(table)).ConfigureAwait(false))
                {
                    await Files.WriteAsync(nameOf(table), table.Content, flush).ConfigureAwait(false);
                    written.Add(nameOf(table));
                }
            }).ConfigureAwait(false);
        }

        return written;
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

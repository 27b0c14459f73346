using System.Collections.Concurrent;

namespace RolloutTrace.Lake;

/// <summary>
/// Where the files of a lake lie, by names with slashes. What goes wrong is an <see cref="IOException"/> or an
/// <see cref="UnauthorizedAccessException"/>. Safe for concurrent use.
/// </summary>
public abstract class LakeFiles
{
    /// <summary>The place, as people are told of it.</summary>
    public abstract string Place { get; }

    /// <summary>How many are worth to be asked for at once.</summary>
    public virtual int AtOnce => 1;

    /// <summary>Whether the place is there.</summary>
    public abstract Task<bool> IsThereAsync(CancellationToken cancellation = default);

    /// <summary>Whether anything can be written just now: if so, what cannot be put is to blame.</summary>
    public abstract Task<bool> IsWritableAsync();

    /// <summary>The days of a table, as <c>yyyy-MM-dd</c>.</summary>
    /// <param name="table">The table.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public abstract Task<IReadOnlyList<string>> DaysOfAsync(string table, CancellationToken cancellation = default);

    /// <summary>The files of a table's day, in no order.</summary>
    /// <param name="table">The table.</param>
    /// <param name="day">The day.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public IAsyncEnumerable<LakeFile> OfDayAsync(string table, string day, CancellationToken cancellation = default) => ListAsync($"{table}/{LakeFileName.DayPrefix}{day}/", cancellation);

    /// <summary>The files whose names begin so, in no order.</summary>
    /// <param name="prefix">A table's day with the slash behind it, and maybe what a file's name begins with.</param>
    /// <param name="cancellation">Asks to stop.</param>
    public abstract IAsyncEnumerable<LakeFile> ListAsync(string prefix, CancellationToken cancellation = default);

    /// <summary>Whether a file is there.</summary>
    /// <param name="name">Its name.</param>
    public abstract Task<bool> HasAsync(string name);

    /// <summary>Opens a file to be read; it can seek.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public abstract Task<Stream> OpenAsync(string name, CancellationToken cancellation = default);

    /// <summary>Writes a file, which is whole whenever it is there.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="flush">Whether it is safe when this returns; false for who would write it again after a power cut.</param>
    public abstract Task WriteAsync(string name, ReadOnlyMemory<byte> content, bool flush = true);

    /// <summary>Deletes a file, if it is there.</summary>
    /// <param name="name">Its name.</param>
    public abstract Task DeleteAsync(string name);

    /// <summary>The files that a bundle has just now: all of a day, and those of other days where it has a row in <c>rollouts</c>.</summary>
    /// <param name="bundle">The bundle's name.</param>
    /// <param name="day">The day.</param>
    public virtual async Task<IReadOnlyList<string>> OfBundleAsync(string bundle, string day)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce };
        var days = new ConcurrentBag<string> { day };
        await Parallel.ForEachAsync((await DaysOfAsync(RolloutTables.Rollouts).ConfigureAwait(false)).Where(other => other != day), options, async (other, _) =>
        {
            if (await MayHaveAsync(bundle, other).ConfigureAwait(false))
            {
                days.Add(other);
            }
        }).ConfigureAwait(false);

        var found = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(days.SelectMany(static _ => RolloutTables.Names, static (other, table) => $"{table}/{LakeFileName.DayPrefix}{other}/"), options, async (folder, stop) =>
        {
            await foreach (var file in ListAsync(folder + bundle + ".", stop).ConfigureAwait(false))
            {
                if (IsOf(file.Name, bundle))
                {
                    found.Add(file.Name);
                }
            }
        }).ConfigureAwait(false);
        return [.. found];
    }

    /// <summary>Whether a bundle may have a row in a day's <c>rollouts</c>; false only where it has none.</summary>
    /// <param name="bundle">The bundle's name.</param>
    /// <param name="day">The day.</param>
    protected virtual async Task<bool> MayHaveAsync(string bundle, string day)
    {
        await foreach (var file in ListAsync($"{RolloutTables.Rollouts}/{LakeFileName.DayPrefix}{day}/{bundle}.").ConfigureAwait(false))
        {
            if (IsOf(file.Name, bundle))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a file is of a bundle.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="bundle">The bundle's.</param>
    protected static bool IsOf(string name, string bundle)
    {
        ArgumentNullException.ThrowIfNull(name);
        return LakeFileName.BundleOf(name[(name.LastIndexOf('/') + 1)..]) == bundle;
    }
}

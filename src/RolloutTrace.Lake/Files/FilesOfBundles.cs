using System.Collections.Concurrent;

namespace RolloutTrace.Lake;

/// <summary>Which files of a lake are of which bundle: looked up once, since a day may have many, and kept. Safe for concurrent use.</summary>
internal sealed class FilesOfBundles
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> files = new(StringComparer.Ordinal);

    private FilesOfBundles()
    {
    }

    /// <summary>Looks through a lake.</summary>
    public static async Task<FilesOfBundles> FindAsync(LakeFiles lake)
    {
        var found = new FilesOfBundles();
        foreach (var table in RolloutTables.Names)
        {
            foreach (var day in await lake.DaysOfAsync(table).ConfigureAwait(false))
            {
                await foreach (var file in lake.OfDayAsync(table, day).ConfigureAwait(false))
                {
                    if (LakeFileName.BundleOf(Path.GetFileName(file.Name)) is { } bundle)
                    {
                        found.files.AddOrUpdate(bundle, [file.Name], (_, others) => [.. others, file.Name]);
                    }
                }
            }
        }

        return found;
    }

    /// <summary>Says which files a bundle has from now on.</summary>
    /// <returns>Those that it had, and has no more.</returns>
    public IReadOnlyList<string> Replace(string bundle, IReadOnlyList<string> now)
    {
        IReadOnlyList<string> before = [];
        files.AddOrUpdate(bundle, now, (_, had) =>
        {
            before = had;
            return now;
        });
        return [.. before.Except(now, StringComparer.Ordinal)];
    }
}

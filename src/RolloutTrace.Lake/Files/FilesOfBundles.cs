using System.Collections.Concurrent;
using System.IO.Enumeration;

namespace RolloutTrace.Lake;

/// <summary>Which files of a lake are of which bundle: looked up once, since a day may have many, and kept. Safe for concurrent use.</summary>
internal sealed class FilesOfBundles
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> files = new(StringComparer.Ordinal);

    private FilesOfBundles()
    {
    }

    /// <summary>Looks through a lake.</summary>
    public static FilesOfBundles Find(LakeDirectory lake)
    {
        var found = new FilesOfBundles();
        foreach (var table in RolloutTables.Names)
        {
            foreach (var file in lake.DaysOf(table).SelectMany(static day => Directory.EnumerateFiles(day, "*" + LakeDirectory.Extension)))
            {
                if (LakeFileName.BundleOf(Path.GetFileName(file)) is { } bundle)
                {
                    found.files.AddOrUpdate(bundle, [file], (_, others) => [.. others, file]);
                }
            }
        }

        return found;
    }

    /// <summary>The files that a bundle has just now.</summary>
    public static IReadOnlyList<string> Of(LakeDirectory lake, string bundle)
    {
        var found = new List<string>();
        foreach (var day in RolloutTables.Names.SelectMany(lake.DaysOf))
        {
            // A day may have very many: what is of others is not even made a text of.
            var names = new FileSystemEnumerable<string>(day, static (ref entry) => entry.ToSpecifiedFullPath())
            {
                ShouldIncludePredicate = (ref entry) => entry.FileName.StartsWith(bundle, StringComparison.Ordinal) && LakeFileName.BundleOf(entry.FileName.ToString()) == bundle,
            };
            found.AddRange(names);
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

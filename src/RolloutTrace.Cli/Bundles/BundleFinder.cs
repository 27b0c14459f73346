using RolloutTrace.Bundle;

namespace RolloutTrace.Cli;

/// <summary>Finds the bundles that the paths of a command line mean.</summary>
internal static class BundleFinder
{
    // Links are not followed: a directory of bundles from a stranger must not lead anywhere else, nor in circles.
    private static readonly EnumerationOptions Enumeration = new()
    {
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    /// <summary>
    /// A path that is a bundle, or its manifest or its log, means that bundle; another directory means every bundle below it, in ordinal
    /// order. A path that means none is given with the reason.
    /// </summary>
    public static IReadOnlyList<FoundBundle> Find(IReadOnlyList<string> paths)
    {
        var found = new List<FoundBundle>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            var before = found.Count;
            var misses = 0;
            foreach (var bundle in Below(BundleOf(path)))
            {
                // Overlapping paths name a bundle once.
                if (seen.Add(Path.TrimEndingDirectorySeparator(Path.GetFullPath(bundle))))
                {
                    found.Add(new FoundBundle(bundle, null));
                }
                else
                {
                    misses++;
                }
            }

            if (found.Count == before && misses == 0)
            {
                found.Add(new FoundBundle(path, WhyNone(path)));
            }
        }

        return found;
    }

    /// <summary>The directory of the bundle whose manifest or log a path names; any other path as it is. No file is opened.</summary>
    public static string BundleOf(string path)
    {
        if (Path.GetFileName(path) is not (BundleLayout.ManifestFileName or BundleLayout.EventLogFileName) || Directory.Exists(path))
        {
            return path;
        }

        var directory = Path.GetDirectoryName(path) is { Length: > 0 } named ? named : ".";
        return File.Exists(path) && BundleReader.IsBundle(directory) ? directory : path;
    }

    private static IEnumerable<string> Below(string directory)
    {
        if (!Directory.Exists(directory))
        {
            return [];
        }

        if (BundleReader.IsBundle(directory))
        {
            return [directory];
        }

        var below = Directory.GetDirectories(directory, "*", Enumeration);
        Array.Sort(below, StringComparer.Ordinal);
        return below.SelectMany(Below);
    }

    private static string WhyNone(string path)
    {
        if (File.Exists(path))
        {
            return $"{path}: is a file; give the bundle's directory, or its {BundleLayout.ManifestFileName} or {BundleLayout.EventLogFileName}";
        }

        if (!Directory.Exists(path))
        {
            return $"{path}: no such directory";
        }

        return File.Exists(Path.Join(path, BundleLayout.EventLogFileName))
            ? $"{Path.Join(path, BundleLayout.ManifestFileName)}: is missing, though there is an event log"
            : $"{path}: holds no bundle (a directory with {BundleLayout.ManifestFileName})";
    }
}

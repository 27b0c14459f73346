using RolloutTrace.Packing;

namespace RolloutTrace.Cli;

/// <summary>What is to be packed: the bundles that paths mean, and what is left of some that were being deleted after they were packed.</summary>
internal static class PackingSources
{
    private static readonly EnumerationOptions Below = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint,
    };

    public static IReadOnlyList<FoundBundle> Find(CommandConsole console, IReadOnlyList<string> paths, Func<string, string> placeOf)
    {
        var found = new List<FoundBundle>();
        foreach (var path in paths)
        {
            // Elsewhere than beside it, only the place that is given tells.
            if (BundlePacker.IsLeft(path) || (Directory.Exists(path) && !HasManifest(path) && File.Exists(placeOf(path))))
            {
                found.Add(FoundBundle.InDirectory(path));
                continue;
            }

            var left = Left(path);
            found.AddRange(left);
            found.AddRange(console.FindBundles([path]).Where(bundle => left.Count == 0 || bundle.Problem is null));
        }

        return [.. found.DistinctBy(static bundle => Path.TrimEndingDirectorySeparator(Path.GetFullPath(bundle.Path)))];
    }

    private static bool HasManifest(string directory) => Bundle.BundleReader.IsBundle(directory);

    private static List<FoundBundle> Left(string path) => Directory.Exists(path) && !HasManifest(path)
        ? [.. Directory.EnumerateFiles(path, "*" + PackedFormat.Extension, Below)
            .Select(static packed => packed[..^PackedFormat.Extension.Length])
            .Where(BundlePacker.IsLeft)
            .Order(StringComparer.Ordinal)
            .Select(FoundBundle.InDirectory)]
        : [];
}

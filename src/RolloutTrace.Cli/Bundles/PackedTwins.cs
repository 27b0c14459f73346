using RolloutTrace.Bundle;
using RolloutTrace.Packing;

namespace RolloutTrace.Cli;

/// <summary>
/// Takes a bundle and its packed file for one: the bundle as long as it is one. Whose deletion has begun has no manifest, and holds no bundle
/// any more. Two rollouts that only share a name are two.
/// </summary>
internal static class PackedTwins
{
    /// <summary>The directories and packed files of a directory that stand for something, in ordinal order.</summary>
    public static IEnumerable<(string Path, bool IsPacked)> Join(string[] directories, string[] packed)
    {
        var twins = packed.Select(PackedFormat.WithoutExtension).Intersect(directories, StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        twins.RemoveWhere(static directory => !AreOneByTheBundle(directory));
        return directories.Select(static path => (path, false))
            .Concat(packed.Where(path => !twins.Contains(PackedFormat.WithoutExtension(path))).Select(static path => (path, true)))
            .OrderBy(static entry => entry.Item1, StringComparer.Ordinal);
    }

    private static bool AreOneByTheBundle(string directory)
    {
        try
        {
            using var packed = PackedBundle.Open(BundlePacker.PlaceBeside(directory));
            return BundleReader.Open(packed).Manifest == BundleReader.Open(directory).Manifest;
        }
        catch (BundleException)
        {
            return false;
        }
    }
}

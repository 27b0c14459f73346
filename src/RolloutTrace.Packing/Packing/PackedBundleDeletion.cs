namespace RolloutTrace.Packing;

/// <summary>Deletes a bundle that is packed. The manifest goes first: from then on nobody takes what is left for a bundle.</summary>
internal static class PackedBundleDeletion
{
    /// <summary>Deletes what was found in the bundle, and nothing else.</summary>
    /// <exception cref="IOException">Something cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">Something may not be deleted.</exception>
    public static void Delete(string bundle, BundleContents contents)
    {
        foreach (var entry in contents.Entries.Where(static entry => !entry.IsDirectory && !entry.IsStreamed))
        {
            File.Delete(contents.PathOf(entry.Name));
        }

        if (contents.Stream is { } stream)
        {
            File.Delete(contents.PathOf(stream.Name));
        }

        foreach (var cache in contents.Caches)
        {
            File.Delete(contents.PathOf(cache));
        }

        foreach (var entry in contents.Entries.Where(static entry => entry.IsDirectory).Reverse())
        {
            Directory.Delete(contents.PathOf(entry.Name));
        }

        Directory.Delete(bundle);
    }
}

namespace RolloutTrace.Bundle;

/// <summary>What is in an archive: its regular files by their names. Where names lead is nobody's business: none is ever used on disk.</summary>
internal abstract class ArchiveContent : IDisposable
{
    private readonly Dictionary<string, ArchiveEntry> entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> directories = new(StringComparer.Ordinal);
    private int count;

    /// <summary>The directories that hold a manifest, in ordinal order.</summary>
    public IReadOnlyList<string> Bundles =>
    [
        .. entries.Keys
            .Where(static name => name == BundleLayout.ManifestFileName || name.EndsWith("/" + BundleLayout.ManifestFileName, StringComparison.Ordinal))
            .Select(DirectoryOf)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>A file; null if there is none of that name.</summary>
    public ArchiveEntry? Find(string name) => entries.TryGetValue(name, out var entry) ? entry : null;

    /// <summary>The names of the files directly in a directory.</summary>
    public IEnumerable<string> In(string directory) => directories.GetValueOrDefault(directory) ?? [];

    /// <summary>Opens a file from its beginning on.</summary>
    public abstract Stream Open(ArchiveEntry entry);

    public abstract void Dispose();

    /// <summary>The most bytes that an archive of a length may unpack to.</summary>
    protected static long MostUnpacked(long length) => Math.Max(BundleArchive.AlwaysUnpacked, length > long.MaxValue / BundleArchive.MaxGrowth ? long.MaxValue : length * BundleArchive.MaxGrowth);

    /// <summary>Notes an entry, with the name that the archive has for it.</summary>
    /// <exception cref="BundleException">There are too many.</exception>
    protected void Add(string path, string rawName, ArchiveEntry entry)
    {
        if (++count > BundleArchive.MaxEntries)
        {
            throw new BundleException($"{path}: has more than {BundleArchive.MaxEntries} entries");
        }

        // A name that no bundle can ask for is no loss.
        if (ArchiveName.Normal(rawName) is not { } name)
        {
            return;
        }

        if (!entries.TryAdd(name, entry))
        {
            entries[name] = entry with { Problem = "stands in the archive more than once" };
            return;
        }

        var directory = DirectoryOf(name);
        if (!directories.TryGetValue(directory, out var names))
        {
            directories.Add(directory, names = []);
        }

        names.Add(name);
    }

    /// <summary>Counts an entry that is no file.</summary>
    protected void Skip(string path)
    {
        if (++count > BundleArchive.MaxEntries)
        {
            throw new BundleException($"{path}: has more than {BundleArchive.MaxEntries} entries");
        }
    }

    private static string DirectoryOf(string name) => name.LastIndexOf('/') is var end and >= 0 ? name[..end] : "";
}

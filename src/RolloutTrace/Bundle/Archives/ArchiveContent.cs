namespace RolloutTrace.Bundle;

/// <summary>What is in an archive: its regular files by their names. Where names lead is nobody's business: none is ever used on disk.</summary>
internal abstract class ArchiveContent : IDisposable
{
    private readonly Dictionary<string, ArchiveEntry> entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> directories = new(StringComparer.Ordinal);
    private readonly SortedSet<string> unread = new(StringComparer.Ordinal);
    private string? outside;
    private int outsiders;
    private int count;
    private long letters;

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

    /// <summary>What is wrong with the archive where it ends; null if nothing. What is before that is there.</summary>
    protected string? Damage { get; set; }

    /// <summary>What of an archive is damaged, or is in a directory and is not read; null if nothing.</summary>
    /// <param name="directory">The directory; empty for the archive itself.</param>
    public string? FindDamage(string directory)
    {
        if (Damage is not null)
        {
            return Damage;
        }

        var prefix = directory.Length == 0 ? "" : directory + "/";
        var names = unread.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        return (names, outside) switch
        {
            ([var name], _) => $"'{Shown(name)}' {entries[name].Problem}",
            ([var name, ..], _) => $"'{Shown(name)}' {entries[name].Problem}; and {names.Count - 1} more are not read",
            (_, { } name) => $"the name '{Shown(name)}' leads out of the archive, and is not read{(outsiders > 1 ? $"; and {outsiders - 1} more" : "")}",
            _ => null,
        };
    }

    /// <summary>Opens a file from its beginning on.</summary>
    public abstract Stream Open(ArchiveEntry entry);

    public abstract void Dispose();

    /// <summary>The most bytes that an archive of a length may unpack to.</summary>
    protected static long MostUnpacked(long length) => Math.Max(BundleArchive.AlwaysUnpacked, length > long.MaxValue / BundleArchive.MaxGrowth ? long.MaxValue : length * BundleArchive.MaxGrowth);

    /// <summary>Notes an entry, with the name that the archive has for it.</summary>
    /// <exception cref="BundleException">There are too many.</exception>
    protected void Add(string path, string rawName, ArchiveEntry entry)
    {
        Count(path, rawName);

        if (ArchiveName.Normal(rawName) is not { } name)
        {
            NoteOutside(rawName);
            return;
        }

        if (entry.Problem is not null)
        {
            unread.Add(name);
        }

        if (!entries.TryAdd(name, entry))
        {
            entries[name] = entry with { Problem = "stands in the archive more than once" };
            unread.Add(name);
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
    protected void Skip(string path) => Count(path, "");

    private void Count(string path, string name)
    {
        if (++count > BundleArchive.MaxEntries)
        {
            throw new BundleException($"{path}: has more than {BundleArchive.MaxEntries} entries");
        }

        if ((letters += name.Length) > BundleArchive.MaxNames)
        {
            throw new BundleException($"{path}: the names of its entries have more than {BundleArchive.MaxNames} letters");
        }
    }

    /// <summary>A name as a message has it.</summary>
    protected static string Shown(string name) => name.Length <= 200 ? name : name[..200] + "...";

    // What a bundle in the archive might have meant; the archive itself is nothing.
    private void NoteOutside(string name)
    {
        if (name.AsSpan().Trim("./").Length > 0)
        {
            outside ??= name;
            outsiders++;
        }
    }

    private static string DirectoryOf(string name) => name.LastIndexOf('/') is var end and >= 0 ? name[..end] : "";
}

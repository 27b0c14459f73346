using System.IO.Enumeration;
using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>What is in a bundle, in the order in which it is packed.</summary>
internal sealed class BundleContents
{
    private const int MaxDepth = 16;

    private static readonly EnumerationOptions All = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    private readonly Func<string, string> pathOf;

    private BundleContents(Func<string, string> pathOf, List<FoundFile> entries)
    {
        if (entries.Count >= PackedFormat.MaxMembers)
        {
            throw new BundleException($"{pathOf("")}: has more than {PackedFormat.MaxMembers} files");
        }

        entries.Sort(static (left, right) => left.Rank.CompareTo(right.Rank));
        this.pathOf = pathOf;
        Entries = entries;
    }

    /// <summary>The bundle's files and directories; names of directories end with a slash.</summary>
    public IReadOnlyList<FoundFile> Entries { get; }

    /// <summary>Names of files that are no evidence and not packed: whoever needs them makes them again.</summary>
    public IReadOnlyList<string> Caches { get; private init; } = [];

    /// <summary>
    /// The file that has the payloads, of a bundle that was packed while it was recorded; they are entries as if they were files. Null where they are.
    /// </summary>
    public FoundFile? Stream { get; private init; }

    /// <summary>Where the files are of a bundle that is in no directory; else null.</summary>
    public BundleFiles? Files { get; private init; }

    /// <summary>Bytes of all files.</summary>
    public long Bytes => Entries.Sum(static entry => entry.Length);

    /// <summary>Number of files.</summary>
    public int FileCount => Entries.Count(static entry => !entry.IsDirectory);

    /// <summary>Length of the longest payload in bytes.</summary>
    public long LongestPayload => Entries.Where(static entry => entry.Rank.Group == MemberGroup.Payload).Select(static entry => entry.Length).DefaultIfEmpty().Max();

    /// <summary>Looks what is there. Nothing is opened but a stream of payloads.</summary>
    /// <param name="directory">The bundle's full path.</param>
    /// <param name="withStreamed">Whether the payloads in a stream are asked for.</param>
    /// <param name="damaged">Is told of damage of the stream of payloads, of which those before it are entries then; null for an exception.</param>
    /// <exception cref="BundleException">There is something that no packed rollout has a place for; it is named. Or a stream of payloads is damaged.</exception>
    public static BundleContents Of(string directory, bool withStreamed = true, Action<BundleException>? damaged = null)
    {
        var entries = new List<FoundFile>();
        var caches = new List<string>();
        try
        {
            Add(directory, "", depth: 0, entries, caches);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BundleException($"{directory}: {FileTrouble.Of(e, "cannot be listed")}", e);
        }

        FoundFile? stream = entries.FindIndex(static entry => entry.Name == StreamedPayloads.FileName) is >= 0 and var at ? entries[at] : null;
        if (stream is { } streamed)
        {
            entries.Remove(streamed);
            if (withStreamed)
            {
                entries.AddRange(StreamedPayloads.Of(Path.Join(directory, streamed.Name), streamed, damaged));
            }
        }

        return new BundleContents(name => Path.Join(directory, name), entries) { Caches = caches, Stream = stream };
    }

    /// <summary>Of a bundle that has its log and its payloads, and nothing else, wherever they are.</summary>
    /// <exception cref="BundleException">It cannot be listed, or has more files than a packed rollout takes.</exception>
    public static BundleContents Of(BundleFiles files)
    {
        const string Payloads = BundleLayout.PayloadsDirectoryName + "/";
        var entries = files.List("").Concat(files.List(BundleLayout.PayloadsDirectoryName)).Select(static file => (file.Name, file.Length)).Append((Name: Payloads, Length: 0));
        return new BundleContents(files.DisplayNameOf, [.. entries.Select(static entry => new FoundFile(entry.Name, MemberRank.Of(entry.Name), entry.Length, WrittenAt: 0, IsLink: false))]) { Files = files };
    }

    /// <summary>Full path of a file of the bundle, for messages of one that is in no directory.</summary>
    public string PathOf(string name) => pathOf(name);

    /// <summary>Begins to go through the contents of the entries, in their order.</summary>
    public ContentsPass Begin() => new(this);

    /// <summary>Whether another look found the same: names, lengths and times.</summary>
    public bool IsSame(BundleContents other) => Stream == other.Stream && Entries.SequenceEqual(other.Entries);

    private static void Add(string directory, string prefix, int depth, List<FoundFile> entries, List<string> caches)
    {
        if (depth > MaxDepth)
        {
            throw new BundleException($"{directory}: lies more than {MaxDepth} directories deep in the bundle");
        }

        var found = new FileSystemEnumerable<FoundFile>(
            Path.Join(directory, prefix),
            (ref FileSystemEntry entry) => FoundFile.Of(prefix, ref entry),
            All);
        foreach (var entry in found)
        {
            Check(directory, entry);
            if (IsCache(entry))
            {
                caches.Add(entry.Name);
                continue;
            }

            entries.Add(entry);
            if (entry.IsDirectory)
            {
                Add(directory, entry.Name, depth + 1, entries, caches);
            }
        }
    }

    // With what is left of one whose writer was killed.
    private static bool IsCache(FoundFile entry) => !entry.IsDirectory
        && (entry.Name == BundleLayout.OverviewFileName
            || (entry.Name.StartsWith(BundleLayout.OverviewFileName + ".", StringComparison.Ordinal) && entry.Name.EndsWith(".tmp", StringComparison.Ordinal)));

    private static void Check(string directory, FoundFile entry)
    {
        var path = Path.Join(directory, entry.Name);
        if (entry.IsLink)
        {
            throw new BundleException($"{path}: is a link, which is not packed; nor is where it leads");
        }

        if (entry.Name.Contains('\\', StringComparison.Ordinal) || entry.Name.Contains('\uFFFD', StringComparison.Ordinal) || entry.Name.Length > 1024)
        {
            throw new BundleException($"{path}: has a name that is not packed");
        }

        if (!entry.IsDirectory && entry.Length == 0 && PlainFile.IsSpecial(path))
        {
            throw new BundleException($"{path}: {PlainFile.NotAFile}, which is not packed");
        }

        if (entry.Length > TarEntry.MaxLength)
        {
            throw new BundleException($"{path}: has {entry.Length} bytes, more than a packed rollout has room for in one file");
        }
    }
}

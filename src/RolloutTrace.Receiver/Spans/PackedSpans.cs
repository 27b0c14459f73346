using System.IO.Compression;
using RolloutTrace.Bundle;

namespace RolloutTrace.Receiver.Spans;

/// <summary>
/// The spans of traces that were packed, kept for a day, so that one that comes late is mapped with those before it. They are in files <c>{group}~{trace}.{name}.gz</c>.
/// For who has the shelf's lock.
/// </summary>
internal sealed class PackedSpans
{
    private const int Most = 100_000;

    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    private readonly string directory;
    private readonly Dictionary<string, Group> byTrace = new(StringComparer.Ordinal);
    private readonly Queue<(Group Group, DateTimeOffset At)> order = [];

    public PackedSpans(string directory)
    {
        this.directory = directory;
        PrivateFile.CreateDirectory(directory);
        var groups = new Dictionary<string, Group>(StringComparer.Ordinal);
        foreach (var file in new DirectoryInfo(directory).EnumerateFiles().OrderBy(static file => file.LastWriteTimeUtc))
        {
            if (file.Name.Split('~', '.') is [var first, { Length: > 0 } trace, _, _, "gz"])
            {
                Load(groups, first, trace, file);
            }
            else
            {
                BestEffort.DeleteFile(file.FullName);
            }
        }
    }

    /// <summary>The traces that were packed with one, and their files; null if it was not packed, or long ago. They are open from then on.</summary>
    public IReadOnlyDictionary<string, List<string>>? Take(string trace)
    {
        if (!byTrace.TryGetValue(trace, out var group))
        {
            return null;
        }

        foreach (var one in group.Files.Keys)
        {
            byTrace.Remove(one);
        }

        group.IsTaken = true;
        return group.Files;
    }

    /// <summary>Copies a trace's file; no lock is needed.</summary>
    /// <returns>The copy.</returns>
    /// <exception cref="IOException">It cannot be copied.</exception>
    public string Copy(string group, string trace, string path)
    {
        if (Path.GetDirectoryName(path) == directory)
        {
            return path;
        }

        var copy = Path.Join(directory, $"{group}~{trace}.{Path.GetFileName(path)[(trace.Length + 1)..]}.gz");
        using (var from = File.OpenRead(path))
        using (var to = new GZipStream(File.Create(copy + ".new"), CompressionLevel.Fastest))
        {
            from.CopyTo(to);
        }

        File.Move(copy + ".new", copy, overwrite: true);
        return copy;
    }

    /// <summary>Traces were packed together.</summary>
    public void Add(IReadOnlyDictionary<string, List<string>> files, DateTimeOffset now)
    {
        var group = new Group();
        foreach (var (trace, paths) in files)
        {
            paths.ForEach(path => group.Add(trace, path));
            byTrace[trace] = group;
        }

        order.Enqueue((group, now));
    }

    /// <summary>Forgets what is old.</summary>
    public void Forget(DateTimeOffset now)
    {
        while (order.TryPeek(out var oldest) && (now - oldest.At > Kept || byTrace.Count > Most || oldest.Group.IsTaken))
        {
            order.Dequeue();
            if (oldest.Group.IsTaken)
            {
                continue;
            }

            foreach (var (trace, paths) in oldest.Group.Files)
            {
                byTrace.Remove(trace);
                paths.ForEach(BestEffort.DeleteFile);
            }
        }
    }

    private void Load(Dictionary<string, Group> groups, string first, string trace, FileInfo file)
    {
        if (!groups.TryGetValue(first, out var group))
        {
            group = new Group();
            order.Enqueue((group, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero)));
            groups.Add(first, group);
        }

        // Packed again with others it has another first trace: they belong together.
        if (byTrace.TryGetValue(trace, out var other) && other != group)
        {
            foreach (var (one, paths) in other.Files)
            {
                paths.ForEach(path => group.Add(one, path));
                byTrace[one] = group;
            }

            other.IsTaken = true;
            foreach (var name in groups.Where(known => known.Value == other).Select(static known => known.Key).ToList())
            {
                groups[name] = group;
            }
        }

        group.Add(trace, file.FullName);
        byTrace[trace] = group;
    }

    private sealed class Group
    {
        public Dictionary<string, List<string>> Files { get; } = new(StringComparer.Ordinal);

        public bool IsTaken { get; set; }

        public void Add(string trace, string path)
        {
            if (!Files.TryGetValue(trace, out var paths))
            {
                Files.Add(trace, paths = []);
            }

            paths.Add(path);
        }
    }
}

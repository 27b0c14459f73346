using System.Collections.Concurrent;
using System.IO.Enumeration;
using System.Runtime.CompilerServices;

namespace RolloutTrace.Lake;

/// <summary>The files of a lake in a directory.</summary>
internal sealed class DirectoryFiles(string path) : LakeFiles
{
    // A directory that changed a moment ago may change again without a later time.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Seen> rollouts = new(StringComparer.Ordinal);

    public override string Place { get; } = Path.GetFullPath(path);

    public override Task<bool> IsThereAsync(CancellationToken cancellation = default) => Task.FromResult(Directory.Exists(Place));

    public override Task<bool> IsWritableAsync()
    {
        try
        {
            Directory.CreateDirectory(Place);
            var probe = Path.Join(Place, $".{Guid.NewGuid():N}.tmp");
            using (new FileStream(probe, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.DeleteOnClose }))
            {
                return Task.FromResult(true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Task.FromResult(false);
        }
    }

    public override Task<IReadOnlyList<string>> DaysOfAsync(string table, CancellationToken cancellation = default)
    {
        var directory = Path.Join(Place, table);
        return Task.FromResult<IReadOnlyList<string>>(Directory.Exists(directory)
            ? [.. Directory.EnumerateDirectories(directory, LakeFileName.DayPrefix + "*").Select(static day => Path.GetFileName(day)[LakeFileName.DayPrefix.Length..])]
            : []);
    }

    public override async IAsyncEnumerable<LakeFile> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var slash = prefix.LastIndexOf('/');
        var (folder, start) = (prefix[..(slash + 1)], prefix[(slash + 1)..]);
        var directory = Path.Join(Place, folder);
        if (!Directory.Exists(directory))
        {
            yield break;
        }

        // A day may have very many: what is of others is not even made a text of.
        var files = new FileSystemEnumerable<LakeFile>(directory, (ref entry) => new LakeFile(folder + entry.FileName.ToString(), entry.Length, entry.LastWriteTimeUtc))
        {
            ShouldIncludePredicate = (ref entry) => entry.FileName.StartsWith(start, StringComparison.Ordinal) && entry.FileName.EndsWith(RolloutLake.Extension, StringComparison.Ordinal) && !entry.IsDirectory,
        };
        foreach (var file in files)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return file;
        }
    }

    public override Task<bool> HasAsync(string name) => Task.FromResult(File.Exists(Path.Join(Place, name)));

    public override Task<Stream> OpenAsync(string name, CancellationToken cancellation = default)
    {
        try
        {
            return Task.FromResult<Stream>(new FileStream(Path.Join(Place, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        }
        catch (DirectoryNotFoundException e)
        {
            throw new FileNotFoundException(e.Message, e);
        }
    }

    // Beside its place, and then into it.
    public override Task WriteAsync(string name, ReadOnlyMemory<byte> content, bool flush = true)
    {
        var place = Path.Join(Place, name);
        var directory = Path.GetDirectoryName(place)!;
        Directory.CreateDirectory(directory);
        var beside = Path.Join(directory, $".{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                stream.Write(content.Span);
                stream.Flush(flush);
            }

            File.Move(beside, place, overwrite: true);
            return Task.CompletedTask;
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    public override Task DeleteAsync(string name)
    {
        try
        {
            File.Delete(Path.Join(Place, name));
        }
        catch (DirectoryNotFoundException)
        {
            // Then the file is gone too.
        }

        return Task.CompletedTask;
    }

    // A day that has not changed since its names were read is not read again, however many it has.
    protected override Task<bool> MayHaveAsync(string bundle, string day)
    {
        var directory = new DirectoryInfo(Path.Join(Place, RolloutTables.Rollouts, LakeFileName.DayPrefix + day));
        var changed = directory.LastWriteTimeUtc;
        if (!rollouts.TryGetValue(day, out var seen) || seen.Changed != changed)
        {
            var now = DateTime.UtcNow;
            seen = new Seen(changed, []);
            foreach (var file in directory.Exists ? directory.EnumerateFiles("*" + RolloutLake.Extension) : [])
            {
                if (LakeFileName.BundleOf(file.Name) is { } other)
                {
                    seen.Bundles.Add(other.GetHashCode(StringComparison.Ordinal));
                }
            }

            if (now - changed > Settled)
            {
                rollouts[day] = seen;
            }
        }

        return Task.FromResult(seen.Bundles.Contains(bundle.GetHashCode(StringComparison.Ordinal)));
    }

    // The names' hashes: they are many.
    private sealed record Seen(DateTime Changed, HashSet<int> Bundles);
}

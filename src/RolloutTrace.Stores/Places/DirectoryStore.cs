using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using RolloutTrace.Bundle;

namespace RolloutTrace.Stores;

/// <summary>A store in a directory. Bundles that lie below it as recorders leave them are rollouts of it too, and are read where they are.</summary>
internal sealed class DirectoryStore : RolloutStore
{
    // Who writes one for so long does so no more.
    private static readonly TimeSpan Left = TimeSpan.FromHours(1);

    // A link must not lead anywhere else; what is hidden is unfinished, or a collector's.
    private static readonly EnumerationOptions Enumeration = new() { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Hidden };

    private readonly string root;

    // Where it was looked for what killed processes left: a day has a million objects, and is not gone through for each.
    private readonly ConcurrentDictionary<string, bool> swept = new(StringComparer.Ordinal);

    // Where bundles lie that are no objects: found by listing.
    private volatile IReadOnlyDictionary<string, string>? plain;

    public DirectoryStore(string path)
        : base(path) => root = Path.GetFullPath(path);

    public override async Task<bool> PutAsync(string key, string path, CancellationToken cancellation = default)
    {
        RequireKey(key);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var place = Path.Join(root, key);
        using var source = FileWords.OpenRead(path);
        if (await IsEqualAsync(source, place, cancellation).ConfigureAwait(false))
        {
            return false;
        }

        source.Position = 0;
        var beside = Path.Join(Path.GetDirectoryName(place), $".{Path.GetFileName(place)}.{Guid.NewGuid():N}.tmp");
        try
        {
            MakeDirectory(Path.GetDirectoryName(place)!);
            Sweep(Path.GetDirectoryName(place)!);
            using (var file = new FileStream(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                await source.CopyToAsync(file, cancellation).ConfigureAwait(false);
                file.Flush();
                DirectorySync.Content(file.SafeFileHandle, beside);
            }

            File.Move(beside, place, overwrite: true);
            DirectorySync.Names(Path.GetDirectoryName(place)!);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{Url}: {key} cannot be put: {e.Message}", e) { Kind = StoreException.KindOf(e) };
        }
        finally
        {
            DeleteIfThere(beside);
        }
    }

    public override async IAsyncEnumerable<StoredRollout> ListAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        if (!Directory.Exists(root))
        {
            throw new StoreException($"{Url}: {(File.Exists(root) ? "is a file, and no store" : "there is no such directory")}") { Kind = StoreExceptionKind.NoStore };
        }

        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var day in Listed(root, directories: true).Where(static day => RolloutKey.IsDay(Path.GetFileName(day))))
        {
            foreach (var file in Listed(day, directories: false))
            {
                cancellation.ThrowIfCancellationRequested();
                if (Find($"{Path.GetFileName(day)}/{Path.GetFileName(file)}") is { } stored && RolloutKey.TryParse(stored.Key, out _, out _) && found.Add(stored.Key))
                {
                    yield return stored;
                }
            }
        }

        var bundles = Plain(cancellation);
        plain = bundles;
        foreach (var (key, bundle) in bundles)
        {
            if (found.Add(key))
            {
                yield return OfBundle(key, bundle);
            }
        }
    }

    public override Task<StoredRollout?> FindAsync(string key, CancellationToken cancellation = default)
    {
        ObjectBucket.RequireName(key);
        return Task.FromResult(Find(key) ?? (BundleOf(key, cancellation) is { } bundle ? OfBundle(key, bundle) : null));
    }

    public override Task<FetchedRollout> GetAsync(string key, CancellationToken cancellation = default)
    {
        ObjectBucket.RequireName(key);
        if (Find(key) is { } stored)
        {
            return Task.FromResult(new FetchedRollout(Path.Join(root, key), stored.Version));
        }

        return BundleOf(key, cancellation) is { } bundle
            ? Task.FromResult(new FetchedRollout(bundle, OfBundle(key, bundle).Version))
            : throw StoreException.Missing(Url, key);
    }

    private StoredRollout? Find(string key)
    {
        try
        {
            var file = new FileInfo(Path.Join(root, key));
            return file.Exists && file.LinkTarget is null
                ? new StoredRollout { Key = key, Bytes = file.Length, Version = string.Create(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc.Ticks}-{file.Length}") }
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{Url}: {key} cannot be looked at: {e.Message}", e) { Kind = StoreException.KindOf(e) };
        }
    }

    private string? BundleOf(string key, CancellationToken cancellation)
    {
        if (!Directory.Exists(root))
        {
            throw new StoreException($"{Url}: there is no such directory") { Kind = StoreExceptionKind.NoStore };
        }

        return RolloutKey.TryParse(key, out _, out _) ? (plain ??= Plain(cancellation)).GetValueOrDefault(key) : null;
    }

    // The log grows, whatever else happens to a bundle.
    private static StoredRollout OfBundle(string key, string bundle)
    {
        var log = new FileInfo(Path.Join(bundle, BundleLayout.EventLogFileName));
        return new StoredRollout { Key = key, Version = log.Exists ? string.Create(CultureInfo.InvariantCulture, $"{log.LastWriteTimeUtc.Ticks}-{log.Length}") : "" };
    }

    private SortedDictionary<string, string> Plain(CancellationToken cancellation)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var open = new Stack<string>([root]);
        while (open.TryPop(out var directory))
        {
            cancellation.ThrowIfCancellationRequested();
            if (BundleReader.IsBundle(directory))
            {
                found.TryAdd(KeyOf(directory), directory);
                continue;
            }

            foreach (var below in Listed(directory, directories: true).OrderDescending(StringComparer.Ordinal))
            {
                open.Push(below);
            }
        }

        return found;
    }

    private static string KeyOf(string bundle)
    {
        try
        {
            return RolloutKey.Of(BundleReader.Open(bundle).Manifest);
        }
        catch (BundleException)
        {
            // What is wrong with it is said by whoever reads it.
            return RolloutKey.Of(BundleName.DayOf(null), BundleName.Of(Path.GetFileName(bundle)));
        }
    }

    private string[] Listed(string directory, bool directories)
    {
        try
        {
            return directories ? Directory.GetDirectories(directory, "*", Enumeration) : Directory.GetFiles(directory, "*" + BundleLayout.PackedExtension, Enumeration);
        }
        catch (DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{Url}: cannot be listed: {e.Message}", e) { Kind = StoreException.KindOf(e) };
        }
    }

    private static async Task<bool> IsEqualAsync(FileStream source, string place, CancellationToken cancellation)
    {
        if (!File.Exists(place))
        {
            return false;
        }

        using var there = FileWords.OpenRead(place);
        if (source.Length != there.Length)
        {
            return false;
        }

        var left = new byte[1 << 16];
        var right = new byte[1 << 16];
        while (true)
        {
            var count = await source.ReadAtLeastAsync(left, left.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            var other = await there.ReadAtLeastAsync(right, right.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
            if (!left.AsSpan(0, count).SequenceEqual(right.AsSpan(0, other)))
            {
                return false;
            }

            if (count == 0)
            {
                return true;
            }
        }
    }

    // A new directory is safe when its name is.
    private static void MakeDirectory(string directory)
    {
        if (Directory.Exists(directory))
        {
            return;
        }

        Directory.CreateDirectory(directory);
        DirectorySync.Names(Path.GetDirectoryName(directory)!);
    }

    // What a killed one left of the same.
    private void Sweep(string directory)
    {
        if (!swept.TryAdd(directory, true))
        {
            return;
        }

        foreach (var left in Directory.EnumerateFiles(directory, $".*{BundleLayout.PackedExtension}.*.tmp"))
        {
            if (DateTime.UtcNow - File.GetLastWriteTimeUtc(left) > Left)
            {
                DeleteIfThere(left);
            }
        }
    }

    private static void DeleteIfThere(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is hidden, and in nobody's way.
        }
    }
}

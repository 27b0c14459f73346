using RolloutTrace.Bundle;
using RolloutTrace.Recorder.Recording;

namespace RolloutTrace.Recorder.Housekeeping;

/// <summary>Deletes bundles of a recorder's, and nothing else.</summary>
internal static class BundleRemoval
{
    private const string LeftPrefix = ".trace-";
    private const string LeftSuffix = ".removed";
    private const string PayloadSuffix = ".json";

    // One is written in a moment. If somebody is slower, none is kept this time.
    private static readonly TimeSpan InAMoment = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan ADay = TimeSpan.FromDays(1);

    private static readonly byte[] ZstdMagic = [0x28, 0xB5, 0x2F, 0xFD];

    /// <summary>Deletes a bundle if it is one of ours and not running. It goes as a whole: readers find all of it, or nothing.</summary>
    /// <returns>Whether it is gone.</returns>
    public static bool TryDelete(KeptBundle bundle)
    {
        try
        {
            return bundle.IsPacked ? TryDeletePacked(bundle.Path) : TryDeleteDirectory(bundle.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BundleException)
        {
            return false;
        }
    }

    /// <summary>Deletes what is left of bundles that were being deleted or had not been begun when their process ended, and of overviews that were being kept.</summary>
    public static void DeleteLeft(string root, DateTimeOffset now)
    {
        foreach (var left in Directory.EnumerateDirectories(root, LeftPrefix + "*" + LeftSuffix))
        {
            DeleteRest(left);
        }

        // One is begun in a moment; after a day nobody is about to.
        foreach (var left in new DirectoryInfo(root).EnumerateDirectories(BundleLayout.DirectoryName("*", "*")))
        {
            if (left.LinkTarget is null && now.UtcDateTime - left.LastWriteTimeUtc > ADay && BundleReader.IsBegun(left.FullName))
            {
                DeleteRest(left.FullName);
            }
        }

        foreach (var left in new DirectoryInfo(root).EnumerateFiles($"{LeftPrefix}*{BundleLayout.OverviewFileName}.*.tmp"))
        {
            if (BundleLayout.IsUnfinishedOverview(left.Name) && now.UtcDateTime - left.LastWriteTimeUtc > InAMoment)
            {
                Delete(left);
            }
        }
    }

    // The packed rollout of a bundle that is still there belongs to whoever packs it just now.
    private static bool TryDeletePacked(string path)
    {
        var beside = path[..^BundleLayout.PackedExtension.Length];
        if (Path.Exists(beside) || !IsZstd(path))
        {
            return false;
        }

        File.Delete(path);
        File.Delete($"{beside}.{BundleLayout.StateFileName}");
        File.Delete(Path.Join(Path.GetDirectoryName(path), BundleLayout.OverviewBeside(Path.GetFileName(path))));
        return true;
    }

    private static bool TryDeleteDirectory(string path)
    {
        var bundle = BundleReader.Open(path);
        if (BundleDirectoryName.Of(bundle.Manifest) != Path.GetFileName(path) || !HasOnlyWhatIsKnown(path) || !IsOver(bundle, path))
        {
            return false;
        }

        var removed = Path.Join(Path.GetDirectoryName(path), $".{Path.GetFileName(path)}{LeftSuffix}");
        Directory.Move(path, removed);
        DeleteRest(removed);
        return true;
    }

    // The order matters: what a recorder that is gone by then has written is all there.
    private static bool IsOver(BundleReader bundle, string path) =>
        bundle.FindWriter() is BundleWriterState.Gone or BundleWriterState.NoLock || LogTail.HasEnd(Path.Join(path, BundleLayout.EventLogFileName));

    private static bool HasOnlyWhatIsKnown(string path) => new DirectoryInfo(path).EnumerateFileSystemInfos("*", All).All(static entry => entry switch
    {
        { LinkTarget: not null } => false,
        DirectoryInfo directory => directory.Name == BundleLayout.PayloadsDirectoryName
            && directory.EnumerateFileSystemInfos("*", All).All(static payload => payload is FileInfo { LinkTarget: null } && IsPayload(payload.Name)),
        _ => IsKnown(entry.Name),
    });

    private static EnumerationOptions All => new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    // With what a writer leaves that is killed while it moves a file into its place.
    private static bool IsKnown(string name) => name is BundleLayout.ManifestFileName or BundleLayout.EventLogFileName or BundleLayout.StateFileName or BundleLayout.OverviewFileName
        || (name.EndsWith(".tmp", StringComparison.Ordinal) && name.TrimStart('.').Split('.')[0] is "manifest" or "state" or "overview");

    private static bool IsPayload(string name) =>
        name == BundleLayout.PackedPayloadsFileName || (name.EndsWith(PayloadSuffix, StringComparison.Ordinal) && name[..^PayloadSuffix.Length].All(char.IsAsciiDigit));

    private static bool IsZstd(string path)
    {
        using var file = PlainFile.Open(path);
        Span<byte> head = stackalloc byte[4];
        return file is not null && RandomAccess.Read(file, head, 0) == head.Length && head.SequenceEqual(ZstdMagic);
    }

    private static void Delete(FileInfo left)
    {
        try
        {
            left.Delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It lies there until somebody can.
        }
    }

    private static void DeleteRest(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next run tries again.
        }
    }
}

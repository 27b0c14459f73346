using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>
/// Packs bundles. Killed at any moment it leaves the bundle, the whole packed rollout, or both. Safe for concurrent use, also of
/// several processes.
/// </summary>
public static class BundlePacker
{
    /// <summary>How long a rollout without an end must have been silent when nothing tells whether its recorder lives: 1 hour.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromHours(1);

    /// <summary>The place of a bundle's packed rollout unless another is given: beside it, with its name.</summary>
    /// <param name="bundle">The bundle's directory.</param>
    public static string PlaceBeside(string bundle)
    {
        ArgumentException.ThrowIfNullOrEmpty(bundle);
        return Path.TrimEndingDirectorySeparator(Path.GetFullPath(bundle)) + PackedFormat.Extension;
    }

    /// <summary>
    /// Whether a directory is what is left of a bundle that was being deleted because it was packed: it has no manifest any more, and
    /// its packed rollout is beside it.
    /// </summary>
    /// <param name="directory">The directory.</param>
    public static bool IsLeft(string directory) =>
        File.Exists(PlaceBeside(directory)) && Directory.Exists(directory) && !BundleReader.IsBundle(directory);

    /// <summary>
    /// Packs a bundle. If its packed rollout is there already, and has all that is in the bundle, nothing is written; what is left of
    /// a bundle that was being deleted is deleted.
    /// </summary>
    /// <param name="bundle">The bundle's directory.</param>
    /// <param name="path">The file to write; null for <see cref="PlaceBeside"/>.</param>
    /// <param name="options">How; null for <see cref="PackOptions.Default"/>.</param>
    /// <exception cref="BundleException">It is no bundle, is still being recorded, changes meanwhile, or holds what is not packed.</exception>
    /// <exception cref="IOException">It cannot be written, or something else is there; or what was packed cannot be deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written, or the bundle not be deleted.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public static PackResult Pack(string bundle, string? path = null, PackOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(bundle);
        options ??= PackOptions.Default;
        FileSizeSignal.Handle();
        bundle = Path.TrimEndingDirectorySeparator(Path.GetFullPath(bundle));
        path = path is null ? PlaceBeside(bundle) : Path.GetFullPath(path);
        if (new DirectoryInfo(bundle).LinkTarget is not null)
        {
            throw new BundleException($"{bundle}: is a link, which is not packed; give the bundle that it leads to");
        }

        if (Path.Exists(path))
        {
            return Finish(bundle, path, options);
        }

        var manifest = PackableBundle.Check(bundle, options.Time);
        var contents = BundleContents.Of(bundle);
        PackableBundle.CheckStream(bundle, contents);
        using var file = new UnfinishedFile(path);
        PackedFile.Write(file.Stream, Path.GetFileName(bundle), contents, manifest.StartedAtUnixMs, options);
        PackedSummary.Append(file, SummaryOf(bundle, options));
        var result = ResultOf(path, contents, file.Stream.Length);
        if (options.Delete)
        {
            file.Keep();
            if (BundleComparison.FindDifference(contents, file.Path, out var missing, options.Cancellation) is not null || missing > 0 || !contents.IsSame(BundleContents.Of(bundle)))
            {
                throw new BundleException($"{bundle}: changed while it was packed, and stays");
            }
        }

        file.Move(PackableBundle.WrittenAt(bundle));
        if (options.Delete)
        {
            DirectorySync.Names(Path.GetDirectoryName(path)!);
            PackedBundleDeletion.Delete(bundle, contents);
        }

        return result with { Deleted = options.Delete };
    }

    /// <summary>Packs a bundle that nobody writes to, whether its rollout has ended or not, into a file that is not there, and has the device keep it.</summary>
    /// <param name="bundle">The bundle's directory, a full path.</param>
    /// <param name="path">The file, a full path.</param>
    /// <param name="options">How. The bundle is not deleted.</param>
    internal static PackResult PackAsItIs(string bundle, string path, PackOptions options)
    {
        var files = PackedRecording.FilesAsTheyAre(bundle);
        using (files as IDisposable)
        {
            return PackAsItIs(files, BundleContents.Of(bundle), path, PackableBundle.WrittenAt(bundle), isKept: true, options);
        }
    }

    /// <summary>As the other, of a bundle that has its log and its payloads, and nothing else, wherever they are.</summary>
    /// <param name="files">The files.</param>
    /// <param name="path">The file, a full path.</param>
    /// <param name="writtenAt">When the log was last written to.</param>
    /// <param name="isKept">Whether the device has it when this returns.</param>
    /// <param name="options">How.</param>
    internal static PackResult PackAsItIs(BundleFiles files, string path, DateTime writtenAt, bool isKept, PackOptions options) =>
        PackAsItIs(files, BundleContents.Of(files), path, writtenAt, isKept, options);

    internal static byte[]? SummaryOf(string bundle, PackOptions options)
    {
        if (options.Summarise is null)
        {
            return null;
        }

        var files = PackedRecording.FilesAsTheyAre(bundle);
        using (files as IDisposable)
        {
            return options.Summarise(BundleReader.Open(files));
        }
    }

    private static PackResult PackAsItIs(BundleFiles files, BundleContents contents, string path, DateTime writtenAt, bool isKept, PackOptions options)
    {
        var reader = BundleReader.Open(files);
        using var file = new UnfinishedFile(path);
        PackedFile.Write(file.Stream, files.Name, contents, reader.Manifest.StartedAtUnixMs, options);
        if (options.Summarise is not null && PackableBundle.HasEnded(reader))
        {
            PackedSummary.Append(file, options.Summarise(reader));
        }

        var result = ResultOf(path, contents, file.Stream.Length);
        if (isKept)
        {
            file.Keep();
        }

        file.Move(writtenAt);
        return result;
    }

    private static PackResult Finish(string bundle, string path, PackOptions options)
    {
        var contents = BundleContents.Of(bundle);
        string? difference;
        int missing;
        try
        {
            difference = BundleComparison.FindDifference(contents, path, out missing, options.Cancellation);
        }
        catch (BundleException e)
        {
            throw new IOException($"{path}: is there already, and is no packed rollout of this bundle: {e.Message}", e);
        }

        if (difference is not null)
        {
            throw new IOException($"{path}: is there already, without {difference} as it is in {bundle}");
        }

        // The manifest goes first, so this was begun before.
        var isLeft = !BundleReader.IsBundle(bundle);
        if (options.Delete || isLeft)
        {
            DirectorySync.File(path);
            DirectorySync.Names(Path.GetDirectoryName(path)!);
            if (!contents.IsSame(BundleContents.Of(bundle)))
            {
                throw new BundleException($"{bundle}: changed while it was compared, and stays");
            }

            PackedBundleDeletion.Delete(bundle, contents);
        }
        else if (missing > 0)
        {
            throw new BundleException($"{bundle}: lacks {missing} files that {path} has; it is not packed again");
        }

        return ResultOf(path, contents, new FileInfo(path).Length) with { WasPacked = true, Deleted = options.Delete || isLeft };
    }

    internal static PackResult ResultOf(string path, BundleContents contents, long length) => new()
    {
        Path = path,
        Files = contents.FileCount,
        Bytes = contents.Bytes,
        PackedBytes = length,
    };
}

using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Housekeeping;

/// <summary>Looks what is below the bundle root, and deletes what is over what may be kept. Not safe for concurrent use; several processes may do it to one root.</summary>
/// <param name="root">The bundle root.</param>
/// <param name="limits">What may be kept.</param>
/// <param name="time">Tells what is too old; a jump ahead only when it has lasted.</param>
internal sealed class RetentionRun(string root, BundleRetention limits, TimeProvider time)
{
    private readonly LastingClock clock = new(time);

    // What a bundle is long is not asked again as long as its log is as it was.
    private Dictionary<string, (long LogBytes, KeptBundle Bundle)> known = new(StringComparer.Ordinal);

    /// <summary>Deletes what is over it, oldest first.</summary>
    /// <returns>How many bundles went, and their bytes.</returns>
    /// <exception cref="IOException">The root cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be listed.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public (long Bundles, long Bytes) Delete(CancellationToken cancellation)
    {
        if (!Directory.Exists(root))
        {
            return (0, 0);
        }

        var now = clock.GetUtcNow();
        BundleRemoval.DeleteLeft(root, now);
        var bundles = Look(cancellation);
        DateTime? oldest = limits.Age is { } age && now.UtcDateTime - DateTime.MinValue > age ? now.UtcDateTime - age : null;
        return RetentionPlan.Run(bundles, limits.Bytes, oldest, bundle =>
        {
            cancellation.ThrowIfCancellationRequested();
            return BundleRemoval.TryDelete(bundle);
        });
    }

    private List<KeptBundle> Look(CancellationToken cancellation)
    {
        var looked = new Dictionary<string, (long LogBytes, KeptBundle Bundle)>(StringComparer.Ordinal);
        foreach (var entry in new DirectoryInfo(root).EnumerateFileSystemInfos(BundleLayout.DirectoryName("*", "*")))
        {
            cancellation.ThrowIfCancellationRequested();
            if (entry.LinkTarget is null && Look(entry) is { } found)
            {
                looked[entry.FullName] = found;
            }
        }

        known = looked;
        return [.. looked.Values.Select(static found => found.Bundle)];
    }

    private (long LogBytes, KeptBundle Bundle)? Look(FileSystemInfo entry)
    {
        try
        {
            if (entry is FileInfo file)
            {
                return file.Name.EndsWith(BundleLayout.PackedExtension, StringComparison.Ordinal)
                    ? (0, new KeptBundle(file.FullName, IsPacked: true, file.LastWriteTimeUtc, file.Length))
                    : null;
            }

            var log = new FileInfo(Path.Join(entry.FullName, BundleLayout.EventLogFileName));
            if (!log.Exists || !BundleReader.IsBundle(entry.FullName))
            {
                return null;
            }

            return known.TryGetValue(entry.FullName, out var before) && before.LogBytes == log.Length && before.Bundle.WrittenAt == log.LastWriteTimeUtc
                ? before
                : (log.Length, new KeptBundle(entry.FullName, IsPacked: false, log.LastWriteTimeUtc, BytesOf(entry.FullName)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone meanwhile, or nobody's business.
            return null;
        }
    }

    private static long BytesOf(string directory) =>
        new DirectoryInfo(directory).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }).Sum(static file => file.Length);
}

using RolloutTrace.Analysis.Overviews;
using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis;

/// <summary>
/// Overviews of rollouts that ended, kept so that listing thousands does not read their logs. Beside a bundle's log lies a file,
/// <see cref="BundleLayout.OverviewFileName"/>, which is a cache and nothing else: it counts only for the very log file that it was made of,
/// told by its identity on this disk, length and time, and those of the manifest and the directory of payloads; so one that comes with somebody else's bundle
/// never counts. Where it cannot be written, everything works without. Safe for concurrent use, also of several processes.
/// </summary>
public static class OverviewCache
{
    // What was written so shortly ago might be written again without another time. Where times have parts of a second, they go on in milliseconds.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SettledInWholeSeconds = TimeSpan.FromSeconds(5);

    /// <summary>The overview of a bundle in a directory: the one that is kept, or one that is read, and kept if it can be.</summary>
    /// <param name="bundle">The bundle, which is in a directory.</param>
    /// <param name="directory">The bundle's directory.</param>
    /// <param name="now">The time by which a bundle's silence is measured.</param>
    /// <param name="withUsage">Whether tokens are asked for.</param>
    /// <param name="keep">Whether one that is read may be kept: false for whoever has promised to write nothing.</param>
    /// <exception cref="BundleException">The log cannot be read.</exception>
    public static BundleOverview Read(BundleReader bundle, string directory, DateTimeOffset now, bool withUsage = true, bool keep = true)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentException.ThrowIfNullOrEmpty(directory);
        directory = Path.GetFullPath(directory);
        var key = KeyOf(directory, bundle.Manifest, now);
        if (key is not null && Find(directory, key) is { } kept && IsOf(kept, bundle))
        {
            return Complete(kept, bundle, withUsage);
        }

        var overview = BundleOverview.Read(bundle, now, withUsage);
        if (key is not null && withUsage && keep && KeyOf(directory, bundle.Manifest, now) == key)
        {
            Keep(directory, overview, key);
        }

        return overview;
    }

    /// <summary>The overview in bytes that <see cref="ToBytes"/> gave; null if they hold none of that bundle.</summary>
    /// <param name="bytes">The bytes; whoever wrote them may have lied.</param>
    /// <param name="bundle">The bundle, of which the manifest alone is looked at.</param>
    /// <param name="withUsage">Whether tokens are asked for.</param>
    public static BundleOverview? OfBytes(ReadOnlySpan<byte> bytes, BundleReader bundle, bool withUsage = true)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        return StoredOverview.Read(bytes)?.Overview is { } kept && IsOf(kept, bundle) ? Complete(kept, bundle, withUsage) : null;
    }

    /// <summary>The bytes of an overview to keep in the same file as its evidence; null if the rollout has not ended. No path is in them.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <exception cref="BundleException">The log cannot be read.</exception>
    public static byte[]? ToBytes(BundleReader bundle) => StoredOverview.ToBytes(BundleOverview.Read(bundle, DateTimeOffset.UnixEpoch), key: "");

    private static bool IsOf(BundleOverview kept, BundleReader bundle) =>
        kept.RolloutId == bundle.Manifest.RolloutId && kept.StartedAtUnixMs == bundle.Manifest.StartedAtUnixMs;

    private static BundleOverview Complete(BundleOverview kept, BundleReader bundle, bool withUsage) =>
        kept with { Bundle = bundle.DisplayName, Lost = bundle.Manifest.Lost, Collected = bundle.Manifest.Collected, Usage = withUsage ? kept.Usage : null };

    private static BundleOverview? Find(string directory, string key) =>
        NativeFile.TryRead(Path.Join(directory, BundleLayout.OverviewFileName), StoredOverview.MaxBytes, out var bytes) && Read(bytes) is { } stored && stored.Key == key
            ? stored.Overview
            : null;

    private static StoredOverview? Read(PayloadBytes bytes)
    {
        using (bytes)
        {
            return StoredOverview.Read(bytes.Span);
        }
    }

    // Null where nothing tells files apart, or what there is may still change unseen.
    private static string? KeyOf(string directory, BundleManifest manifest, DateTimeOffset now)
    {
        if (!NativeFile.IsSupported || manifest.RawEventLog != BundleLayout.EventLogFileName || manifest.PayloadsDir != BundleLayout.PayloadsDirectoryName)
        {
            return null;
        }

        try
        {
            var log = FileStatus.Of(Path.Join(directory, BundleLayout.EventLogFileName));
            var payloads = FileStatus.Of(Path.Join(directory, BundleLayout.PayloadsDirectoryName));
            var document = FileStatus.Of(Path.Join(directory, BundleLayout.ManifestFileName));
            return log is { Kind: FileKind.Regular } && document is { Kind: FileKind.Regular } && IsSettled(log.Value.WrittenAt, now)
                ? $"{log.Value.Identity} {log.Value.Length} {log.Value.WrittenAt} {payloads?.WrittenAt} {document.Value.Length} {document.Value.WrittenAt}"
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsSettled(long writtenAt, DateTimeOffset now) =>
        writtenAt < now.UtcTicks - (writtenAt % TimeSpan.TicksPerSecond == 0 ? SettledInWholeSeconds : Settled).Ticks;

    // Nobody needs it, so nobody is told when it cannot be written.
    private static void Keep(string directory, BundleOverview overview, string key)
    {
        if (StoredOverview.ToBytes(overview, key) is not { } bytes)
        {
            return;
        }

        var beside = Path.Join(directory, $"{BundleLayout.OverviewFileName}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.tmp");
        try
        {
            PayloadFile.WriteNew(beside, bytes, fixMode: false);
            File.Move(beside, Path.Join(directory, BundleLayout.OverviewFileName), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            BestEffort.DeleteFile(beside);
        }
    }
}

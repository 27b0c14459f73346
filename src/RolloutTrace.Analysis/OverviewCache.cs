using RolloutTrace.Analysis.Overviews;
using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis;

/// <summary>
/// Overviews of rollouts that ended, kept so that listing thousands does not read their logs. Beside a bundle's log lies a file,
/// <see cref="BundleLayout.OverviewFileName"/>, which is a cache and nothing else: it counts only for the very log file that it was made of,
/// told by its identity on this disk, length and time, and those of the manifest and the directory of payloads; so one that comes with somebody else's bundle
/// never counts. Beside a packed rollout that has none in itself lies <see cref="BundleLayout.OverviewBeside"/>, which counts for that very file.
/// Where it cannot be written, everything works without. Safe for concurrent use, also of several processes.
/// </summary>
public static class OverviewCache
{
    // What was written so shortly ago might be written again without another time. Where times have parts of a second, they go on in milliseconds.
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SettledInWholeSeconds = TimeSpan.FromSeconds(5);

    // One is written in a moment. If somebody is slower, none is kept this time.
    private static readonly TimeSpan InAMoment = TimeSpan.FromMinutes(1);

    private static readonly EnumerationOptions Beside = new() { AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Directory, IgnoreInaccessible = true };

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
        return Read(bundle, Path.Join(directory, BundleLayout.OverviewFileName), () => KeyOf(directory, bundle.Manifest, now), now, withUsage, keep);
    }

    /// <summary>The overview of a packed rollout that has none in itself: the one that is kept beside it, or one that is read, and kept if it can be.</summary>
    /// <param name="bundle">The bundle, which is in the file.</param>
    /// <param name="file">The packed rollout.</param>
    /// <param name="now">The time by which a bundle's silence is measured.</param>
    /// <param name="withUsage">Whether tokens are asked for.</param>
    /// <param name="keep">Whether one that is read may be kept: false for whoever has promised to write nothing.</param>
    /// <param name="findDamage">Says what is wrong with the file, null for nothing; asked only if an overview is read, which is not kept then. Null if nobody knows.</param>
    /// <exception cref="BundleException">The log cannot be read.</exception>
    public static BundleOverview ReadPacked(BundleReader bundle, string file, DateTimeOffset now, bool withUsage = true, bool keep = true, Func<string?>? findDamage = null)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentException.ThrowIfNullOrEmpty(file);
        file = Path.GetFullPath(file);
        return file.EndsWith(BundleLayout.PackedExtension, StringComparison.Ordinal)
            ? Read(bundle, PlaceBeside(file), () => KeyOf(file, now), now, withUsage, keep, findDamage)
            : BundleOverview.Read(bundle, now, withUsage) with { Damage = findDamage?.Invoke() };
    }

    /// <summary>
    /// Deletes what was kept beside packed rollouts that are not there any more, and what somebody left that was killed while it kept something there; nothing else, whatever its name.
    /// </summary>
    /// <param name="directory">Where they were; none below it are looked for.</param>
    /// <param name="now">The time now.</param>
    public static void Forget(string directory, DateTimeOffset now)
    {
        try
        {
            foreach (var left in new DirectoryInfo(directory).EnumerateFiles($".*{BundleLayout.OverviewFileName}.*.tmp", Beside))
            {
                if (BundleLayout.IsUnfinishedOverview(left.Name) && now.UtcDateTime - left.LastWriteTimeUtc > InAMoment)
                {
                    BestEffort.DeleteFile(left.FullName);
                }
            }

            foreach (var kept in Directory.EnumerateFiles(directory, $".*{BundleLayout.OverviewFileName}", Beside))
            {
                var name = Path.GetFileName(kept)[1..^BundleLayout.OverviewFileName.Length];
                if (name.Length > 0 && !Path.Exists(Path.Join(directory, name + BundleLayout.PackedExtension)) && Find(kept) is not null)
                {
                    BestEffort.DeleteFile(kept);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It lies there until somebody can.
        }
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

    private static BundleOverview Read(BundleReader bundle, string place, Func<string?> keyOf, DateTimeOffset now, bool withUsage, bool keep, Func<string?>? findDamage = null)
    {
        var key = keyOf();
        if (key is not null && Find(place, key) is { } kept && IsOf(kept, bundle))
        {
            return Complete(kept, bundle, withUsage);
        }

        var overview = BundleOverview.Read(bundle, now, withUsage) with { Damage = findDamage?.Invoke() };
        if (key is not null && withUsage && keep && overview.Damage is null && keyOf() == key)
        {
            Keep(place, overview, key);
        }

        return overview;
    }

    private static string PlaceBeside(string file) => Path.Join(Path.GetDirectoryName(file), BundleLayout.OverviewBeside(Path.GetFileName(file)));

    private static bool IsOf(BundleOverview kept, BundleReader bundle) =>
        kept.RolloutId == bundle.Manifest.RolloutId && kept.StartedAtUnixMs == bundle.Manifest.StartedAtUnixMs;

    private static BundleOverview Complete(BundleOverview kept, BundleReader bundle, bool withUsage) =>
        kept with { Bundle = bundle.DisplayName, Lost = bundle.Manifest.Lost, Collected = bundle.Manifest.Collected, Usage = withUsage ? kept.Usage : null };

    private static BundleOverview? Find(string place, string key) => Find(place) is { } stored && stored.Key == key ? stored.Overview : null;

    private static StoredOverview? Find(string place) => NativeFile.TryRead(place, StoredOverview.MaxBytes, out var bytes) ? Read(bytes) : null;

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

    private static string? KeyOf(string file, DateTimeOffset now)
    {
        try
        {
            return NativeFile.IsSupported && FileStatus.Of(file) is { Kind: FileKind.Regular } packed && IsSettled(packed.WrittenAt, now)
                ? $"{packed.Identity} {packed.Length} {packed.WrittenAt}"
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
    private static void Keep(string place, BundleOverview overview, string key)
    {
        if (StoredOverview.ToBytes(overview, key) is not { } bytes)
        {
            return;
        }

        var beside = $"{place}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.tmp";
        try
        {
            PayloadFile.WriteNew(beside, bytes, fixMode: false);
            File.Move(beside, place, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            BestEffort.DeleteFile(beside);
        }
    }
}

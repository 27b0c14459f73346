using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>
/// Has a recorder keep rollouts packed: what a request repeats of the one before it is on disk once, while it is recorded and afterwards.
/// Given to <c>RolloutTracingOptions.Storage</c>. Safe for concurrent use, also by several recorders.
/// </summary>
/// <remarks>
/// While a rollout runs, its bundle has manifest and log as ever, and its payloads in one stream, <c>payloads/packed.tar.zst</c>; every
/// command reads that (<see cref="PackedRecording"/>). A while after its end it becomes one file beside its place, <c>NAME.rollout.tar.zst</c>, which
/// was flushed to the device and read back before the directory goes. A process that is killed leaves either, or both; the next
/// recorder with the same root, and <c>rollout-trace pack</c>, go on from there.
/// </remarks>
public sealed class PackedStorage : BundleStorage, IDisposable
{
    // What the compressor needs beside its window: tables, and what is on its way out.
    private const long MemoryBesideWindow = 2 << 20;
    private const int LeastWindowLog = 20;

    // How often a rollout is looked at that somebody else packs, each time after a longer rest: what they delete they delete file by file.
    private const int MostLooks = 10;
    private const int RestMilliseconds = 10;

    private readonly Lazy<StreamMemory> memory;

    /// <summary>Creates it.</summary>
    public PackedStorage() => memory = new(() => new StreamMemory(MaxMemoryBytes, MemoryOf(WindowLog), IdleTime, TimeProvider.System));

    /// <summary>
    /// Whether bundles are plain as long as their rollouts run, and packed when these have ended. False, the default, for packing while recording.
    /// </summary>
    public bool PackOnEnd { get; init; }

    /// <summary>
    /// How far back a rollout's stream refers, as a power of two: what is to be found again lies in so many bytes of payloads. 23 (8 MiB) by default,
    /// from 20 to 27. It should be several times the longest request.
    /// </summary>
    public int WindowLog
    {
        get;
        init => field = value is >= LeastWindowLog and <= PackedFormat.MaxWindowLog ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"must be from {LeastWindowLog} to {PackedFormat.MaxWindowLog}");
    } = 23;

    /// <summary>
    /// The memory in bytes that rollouts may have for what they refer back to, all together; 680 MiB by default, which is enough for 64 at once, or a third of what the
    /// process may have (<see cref="GCMemoryInfo.TotalAvailableMemoryBytes"/>) if that is less. Beyond that, and when the recorder's <c>MaxOpenFiles</c> are used up, the rollout that was written to least recently gives its memory back, and its next payload refers to nothing.
    /// </summary>
    public long MaxMemoryBytes
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "must be more than nothing");
    } = DefaultMemoryBytes();

    /// <summary>How long a rollout keeps its memory while nothing happens in it; 30 seconds by default, at least one. Its next payload refers to nothing then.</summary>
    public TimeSpan IdleTime
    {
        get;
        init => field = value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromDays(1) ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "must be from a second to a day");
    } = TimeSpan.FromSeconds(30);

    /// <summary>How hard zstd tries while recording, 1 to 19; 1 by default. From 3 on it looks for what is repeated several times as long.</summary>
    public int Level
    {
        get;
        init => field = value is >= 1 and <= 19 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "must be from 1 to 19");
    } = 1;

    /// <summary>As <see cref="PackOptions.Summarise"/>; null by default.</summary>
    public Func<BundleReader, byte[]?>? Summarise { get; init; }

    /// <inheritdoc/>
    public override bool Finishes => true;

    /// <inheritdoc/>
    public override bool RefersBack => !PackOnEnd;

    /// <inheritdoc/>
    public override BundleWriter Create(string directory, BundleManifest manifest) => PackOnEnd
        ? base.Create(directory, manifest)
        : BundleWriter.Create(directory, manifest, payloads => new PackedPayloads(payloads, manifest, new PackedPayloadsSettings(Level, WindowLog), memory.Value));

    /// <summary>
    /// Packs the bundle, and deletes it when the packed rollout is safe on its device and was read back. If somebody else has packed it, or does so meanwhile,
    /// there is nothing to do.
    /// </summary>
    /// <inheritdoc/>
    public override void Finish(string directory, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        var place = BundlePacker.PlaceBeside(directory);
        var options = new PackOptions { Delete = true, Cancellation = cancellation, Summarise = Summarise };
        for (var looks = 1; ; looks++)
        {
            try
            {
                Pack(directory, place, options);
                return;
            }
            catch (Exception e) when ((e is BundleException or IOException or UnauthorizedAccessException) && Path.Exists(place))
            {
                // Somebody was faster. What they have not deleted yet, or never come to delete, is looked at again.
                if (!Path.Exists(directory))
                {
                    using var packed = PackedBundle.TryOpenBeside(directory);
                    if (packed is not null)
                    {
                        return;
                    }
                }

                if (looks == MostLooks)
                {
                    throw;
                }

                cancellation.WaitHandle.WaitOne(looks * RestMilliseconds);
            }
        }
    }

    /// <inheritdoc/>
    public override BundleManifest? ReadManifest(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!path.EndsWith(PackedFormat.Extension, StringComparison.Ordinal))
        {
            return base.ReadManifest(path);
        }

        using var packed = PackedBundle.Open(path);
        return BundleReader.Open(packed).Manifest;
    }

    /// <inheritdoc/>
    public override void FinishLeft(string directory, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (UnfinishedRecordings.IsOne(directory))
        {
            Finish(directory, cancellation);
        }
    }

    /// <summary>The memory in bytes that a stream takes at most where what is repeated is looked for.</summary>
    internal static long MemoryOf(int windowLog) => (1L << windowLog) + MemoryBesideWindow;

    /// <summary>Stops looking after the memory of rollouts. Those that are recorded still go on.</summary>
    public void Dispose()
    {
        if (memory.IsValueCreated)
        {
            memory.Value.Dispose();
        }
    }

    private static void Pack(string directory, string place, PackOptions options)
    {
        if (PackedRecording.IsOne(directory) && BundleReader.IsBundle(directory) && !Path.Exists(place))
        {
            try
            {
                FileSizeSignal.Handle();
                RecordingPacker.Pack(directory, place, options);
                return;
            }
            catch (BundleException) when (Directory.Exists(directory))
            {
                // A stream without an end is packed payload by payload; anything else that is wrong with it is found there again.
            }
        }

        BundlePacker.Pack(directory, place, options);
    }

    // What is not in the managed heap the collector does not count, and in a container the process is killed for it.
    private static long DefaultMemoryBytes()
    {
        const long Most = 680L << 20;
        return GC.GetGCMemoryInfo().TotalAvailableMemoryBytes is > 0 and var available ? Math.Clamp(available / 3, 1, Most) : Most;
    }
}

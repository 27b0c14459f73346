namespace RolloutTrace.Bundle;

/// <summary>Names and numbers of the bundle format, schema version 1.</summary>
public static class BundleLayout
{
    /// <summary>The schema version this library reads and writes.</summary>
    public const int SchemaVersion = 1;

    /// <summary>Identity and layout of a bundle, in its directory.</summary>
    public const string ManifestFileName = "manifest.json";

    /// <summary>The event log: one <see cref="RawEvent"/> a line.</summary>
    public const string EventLogFileName = "trace.jsonl";

    /// <summary>The directory of payload files, one JSON document a file.</summary>
    public const string PayloadsDirectoryName = "payloads";

    /// <summary>The reduced state, a cache beside the evidence and never an input.</summary>
    public const string StateFileName = "state.json";

    /// <summary>What <c>list</c> keeps of a rollout that ended: a cache beside the evidence, never an input, and never packed.</summary>
    public const string OverviewFileName = ".overview.json";

    /// <summary>
    /// In <see cref="PayloadsDirectoryName"/>, in the place of payload files: all of them in one stream, as a recorder writes that packs
    /// while it records.
    /// </summary>
    public const string PackedPayloadsFileName = "packed.tar.zst";

    /// <summary>How the names of packed rollouts end, behind the name of the bundle's directory.</summary>
    public const string PackedExtension = ".rollout.tar.zst";

    /// <summary>The name of the file beside a packed rollout in which <c>list</c> keeps what <see cref="OverviewFileName"/> holds of a bundle, where the rollout was packed without: <c>.NAME.overview.json</c>.</summary>
    /// <param name="packed">The name of the packed rollout, which ends with <see cref="PackedExtension"/>.</param>
    /// <exception cref="ArgumentException">It ends otherwise.</exception>
    public static string OverviewBeside(string packed)
    {
        ArgumentNullException.ThrowIfNull(packed);
        return packed.EndsWith(PackedExtension, StringComparison.Ordinal)
            ? $".{packed[..^PackedExtension.Length]}{OverviewFileName}"
            : throw new ArgumentException($"'{packed}' is no packed rollout's name", nameof(packed));
    }

    /// <summary>
    /// Whether a file's name is that of an <see cref="OverviewBeside"/> that is not whole yet: <c>.NAME.overview.json.PROCESS-THREAD.tmp</c>. It takes a moment to write one; what is older
    /// than a minute was left by somebody who was killed.
    /// </summary>
    /// <param name="name">The file's name.</param>
    public static bool IsUnfinishedOverview(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Split('.') is ["", _, .., var owner, "tmp"]
            && owner.Split('-') is [{ Length: > 0 } process, { Length: > 0 } thread] && process.All(char.IsAsciiDigit) && thread.All(char.IsAsciiDigit)
            && name[..^$".{owner}.tmp".Length] is var place && place.Length > OverviewFileName.Length + 1 && place.EndsWith(OverviewFileName, StringComparison.Ordinal);
    }

    /// <summary>The name of a bundle's directory under a root: <c>trace-{traceId}-{rootThreadId}</c>.</summary>
    public static string DirectoryName(string traceId, string rootThreadId) => $"trace-{traceId}-{rootThreadId}";
}

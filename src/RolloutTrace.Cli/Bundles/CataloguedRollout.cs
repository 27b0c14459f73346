using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Packing;

namespace RolloutTrace.Cli;

/// <summary>A rollout below a root: one bundle, or those of several processes together.</summary>
internal sealed class CataloguedRollout
{
    /// <summary>Its directory, as it lies below the root, with slashes between; of a root that is a bundle itself the root's own name.</summary>
    public required string Name { get; init; }

    /// <summary>Its directory, or the file that it is packed in.</summary>
    public string Path => Found.Path;

    /// <summary>Where it was found.</summary>
    public required FoundBundle Found { get; init; }

    /// <summary>The bundles that it is joined of; empty for one that is as it was recorded.</summary>
    public IReadOnlyList<CataloguedRollout> Parts { get; init; } = [];

    /// <summary>Its agents, as paths, where it is joined.</summary>
    public IReadOnlyList<string> Agents { get; init; } = [];

    /// <summary>Why it is not joined with others, though it belongs to some; null if it is, or does not.</summary>
    public string? ApartBecause { get; init; }

    /// <summary>The file whose time and length are others when there is more of it: its log, or the file that it is packed in.</summary>
    public string GrowingFile => Found.Kind == FoundBundleKind.Packed ? Path : System.IO.Path.Join(Path, Manifest?.RawEventLog ?? BundleLayout.EventLogFileName);

    /// <summary>Its manifest; null if that cannot be read.</summary>
    public BundleManifest? Manifest { get; init; }

    /// <summary>Why its manifest cannot be read, in words; null if it can.</summary>
    public string? Problem { get; init; }

    /// <summary>When recording began, in milliseconds since the Unix epoch; before everything else if nobody knows.</summary>
    public long StartedAtUnixMs => Manifest?.StartedAtUnixMs ?? long.MinValue;

    /// <summary>What it may be called by.</summary>
    public IEnumerable<string> Names => Parts.Count > 0 ? Parts.SelectMany(static part => part.Names).Distinct(StringComparer.Ordinal) : Manifest is null ? [Name, LastName] : [Name, LastName, PackedFormat.WithoutExtension(LastName), Manifest.RolloutId, Manifest.TraceId];

    /// <summary>Opens it. Who keeps it disposes it when it is not wanted any more.</summary>
    /// <exception cref="BundleException">It cannot be read.</exception>
    public OpenedBundle Open() => Found.Open();

    /// <summary>Rebuilds its state.</summary>
    /// <param name="opened">It, opened.</param>
    /// <param name="time">The clock by which its silence is measured.</param>
    /// <exception cref="BundleException">It cannot be read.</exception>
    public OpenRollout Reduce(OpenedBundle opened, TimeProvider time)
    {
        // Asked before the log is read, as the rollout does of a bundle that is not joined.
        var writer = Parts.Count == 0 ? BundleWriterState.Unknown : WriterOf([.. RootParts.OrderBy(static part => part.StartedAtUnixMs)]);
        var rollout = OpenRollout.Open(opened.Reader, new OpenRolloutOptions { Time = time });
        return writer == BundleWriterState.Unknown ? rollout
            : rollout.With(RolloutLiveness.Of(rollout.Graph, writer, time.GetUtcNow()).With(opened.Reader.Manifest.Lost));
    }

    /// <summary>Its overview.</summary>
    /// <param name="now">The time by which its silence is measured.</param>
    /// <param name="withUsage">Whether tokens are asked for.</param>
    /// <exception cref="BundleException">The log cannot be read.</exception>
    public BundleOverview ReadOverview(DateTimeOffset now, bool withUsage = true)
    {
        if (Parts.Count > 0)
        {
            return JoinedOverview.Of(this, [.. Parts.Select(part => (part, part.ReadOverview(now, withUsage)))]);
        }

        using var opened = Open();
        return Found.ReadOverview(opened, now, withUsage, keep: false) with { Bundle = Name };
    }

    /// <summary>The bundles of the rollout that has called the others.</summary>
    public IEnumerable<CataloguedRollout> RootParts => Parts.Where(part => part.Manifest!.RolloutId == Manifest!.RolloutId);

    // Of a rollout that was resumed the last tells, unless one of the others goes on.
    private static BundleWriterState WriterOf(IReadOnlyList<CataloguedRollout> ofRoot) =>
        ofRoot.Any(static part => part.Writer == BundleWriterState.Alive) ? BundleWriterState.Alive : ofRoot[^1].Writer;

    private BundleWriterState Writer
    {
        get
        {
            try
            {
                return Found.Kind == FoundBundleKind.Packed ? BundleWriterState.Unknown : BundleReader.Open(Path).FindWriter();
            }
            catch (BundleException)
            {
                return BundleWriterState.Unknown;
            }
        }
    }

    private string LastName => Name[(Name.LastIndexOf('/') + 1)..];
}

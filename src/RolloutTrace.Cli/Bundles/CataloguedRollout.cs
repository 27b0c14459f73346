using RolloutTrace.Bundle;
using RolloutTrace.Packing;

namespace RolloutTrace.Cli;

/// <summary>A bundle below a root.</summary>
internal sealed class CataloguedRollout
{
    /// <summary>Its directory, as it lies below the root, with slashes between; of a root that is a bundle itself the root's own name.</summary>
    public required string Name { get; init; }

    /// <summary>Its directory, or the file that it is packed in.</summary>
    public string Path => Found.Path;

    /// <summary>Where it was found.</summary>
    public required FoundBundle Found { get; init; }

    /// <summary>The file whose time and length are others when there is more of it: its log, or the file that it is packed in.</summary>
    public string GrowingFile => Found.Kind == FoundBundleKind.Packed ? Path : System.IO.Path.Join(Path, Manifest?.RawEventLog ?? BundleLayout.EventLogFileName);

    /// <summary>Its manifest; null if that cannot be read.</summary>
    public BundleManifest? Manifest { get; init; }

    /// <summary>Why its manifest cannot be read, in words; null if it can.</summary>
    public string? Problem { get; init; }

    /// <summary>When recording began, in milliseconds since the Unix epoch; before everything else if nobody knows.</summary>
    public long StartedAtUnixMs => Manifest?.StartedAtUnixMs ?? long.MinValue;

    /// <summary>What it may be called by.</summary>
    public IEnumerable<string> Names => Manifest is null ? [Name, LastName] : [Name, LastName, PackedFormat.WithoutExtension(LastName), Manifest.RolloutId, Manifest.TraceId];

    /// <summary>Opens it. Who keeps it need not dispose it: what it holds goes with it.</summary>
    /// <exception cref="BundleException">It cannot be read.</exception>
    public OpenedBundle Open() => Found.Open();

    private string LastName => Name[(Name.LastIndexOf('/') + 1)..];
}

using RolloutTrace.Bundle;

namespace RolloutTrace.Cli;

/// <summary>A bundle below a root.</summary>
internal sealed class CataloguedRollout
{
    /// <summary>Its directory, as it lies below the root, with slashes between; of a root that is a bundle itself the root's own name.</summary>
    public required string Name { get; init; }

    /// <summary>Its directory.</summary>
    public required string Path { get; init; }

    /// <summary>Its manifest; null if that cannot be read.</summary>
    public BundleManifest? Manifest { get; init; }

    /// <summary>Why its manifest cannot be read, in words; null if it can.</summary>
    public string? Problem { get; init; }

    /// <summary>When recording began, in milliseconds since the Unix epoch; before everything else if nobody knows.</summary>
    public long StartedAtUnixMs => Manifest?.StartedAtUnixMs ?? long.MinValue;

    /// <summary>What it may be called by.</summary>
    public IEnumerable<string> Names => Manifest is null ? [Name, LastName] : [Name, LastName, Manifest.RolloutId, Manifest.TraceId];

    private string LastName => Name[(Name.LastIndexOf('/') + 1)..];
}

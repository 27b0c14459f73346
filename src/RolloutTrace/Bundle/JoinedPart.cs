using System.Text.Json;

namespace RolloutTrace.Bundle;

/// <summary>One of the bundles that a joined one was made of.</summary>
public sealed record JoinedPart
{
    /// <summary>The part's <see cref="BundleManifest.TraceId"/>.</summary>
    public required string TraceId { get; init; }

    /// <summary>The part's <see cref="BundleManifest.RolloutId"/>.</summary>
    public required string RolloutId { get; init; }

    /// <summary>What was added to the part's wall clock, in milliseconds, so that nothing happens before its cause.</summary>
    public required long ShiftMs { get; init; }

    /// <summary>The part's own manifest, an object; undefined where it is not told.</summary>
    public JsonElement Manifest { get; init; }
}

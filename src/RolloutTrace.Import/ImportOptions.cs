using RolloutTrace.Bundle;

namespace RolloutTrace.Import;

/// <summary>How an import reads.</summary>
public sealed record ImportOptions
{
    /// <summary>
    /// Limits that keep a hostile input from exhausting the importer; those of bundles by default. <see cref="BundleReaderOptions.MaxLineBytes"/>
    /// is for a line, and <see cref="BundleReaderOptions.MaxPayloadBytes"/> for a file that is one document.
    /// </summary>
    public BundleReaderOptions Limits { get; init; } = BundleReaderOptions.Default;
}

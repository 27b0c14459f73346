using RolloutTrace.Bundle;

namespace RolloutTrace.Collecting;

/// <summary>How bundles are put together.</summary>
public sealed record AssemblyOptions
{
    /// <summary>The options used unless others are given.</summary>
    public static AssemblyOptions Default { get; } = new();

    /// <summary>What is larger is rejected: payload files, and lines of events; those of bundles by default.</summary>
    public BundleReaderOptions Limits { get; init; } = BundleReaderOptions.Default;

    /// <summary>The clock that tells when records came.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Whether what was flushed survives a loss of power. True by default; false for who reads it from files that stay, so that it can be read again.
    /// </summary>
    public bool IsDurable { get; init; } = true;
}

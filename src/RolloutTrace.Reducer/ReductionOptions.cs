using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>How to reduce.</summary>
public sealed record ReductionOptions
{
    /// <summary>The options used unless others are given.</summary>
    public static ReductionOptions Default { get; } = new();

    /// <summary>
    /// Stop at the first error, as Codex's reducer does. Otherwise, by default, what is sound is kept and each
    /// defect becomes a <see cref="ReductionDiagnostic"/>.
    /// </summary>
    public bool Strict { get; init; }

    /// <summary>Limits that keep a hostile bundle from exhausting the machine.</summary>
    public BundleReaderOptions Limits { get; init; } = BundleReaderOptions.Default;

    /// <summary>Told the part of the log that is done, from 0 to 1, about a hundred times; null by default. Called on the reducing thread.</summary>
    public IProgress<double>? Progress { get; init; }

    /// <summary>Sees all that is read of the bundle; null by default.</summary>
    public IReadObserver? Observer { get; init; }
}

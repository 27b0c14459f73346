using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis;

/// <summary>How <see cref="OpenRollout.Open"/> reduces a bundle.</summary>
public sealed record OpenRolloutOptions
{
    /// <summary>The clock by which a bundle's silence is measured. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether to refuse a bundle at its first defect, as <see cref="ReductionOptions.Strict"/> does. Default: no.</summary>
    public bool Strict { get; init; }

    /// <summary>Sees all that is read of the bundle to reduce it, as <see cref="ReductionOptions.Observer"/> does. Default: nobody.</summary>
    public IReadObserver? Observer { get; init; }
}

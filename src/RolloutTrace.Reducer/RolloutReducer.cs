using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Reading;

namespace RolloutTrace.Reducer;

/// <summary>
/// Rebuilds the state of a rollout from its bundle. Deterministic: the same bundle always gives the same state.
/// Time grows linearly with the bundle's bytes, memory with the state. Safe for concurrent use.
/// </summary>
public static class RolloutReducer
{
    /// <summary>Reduces a bundle.</summary>
    /// <param name="bundleDirectory">The bundle's directory.</param>
    /// <param name="options">How to reduce; null for <see cref="ReductionOptions.Default"/>.</param>
    /// <exception cref="BundleException">There is no bundle, or its manifest or log cannot be read.</exception>
    /// <exception cref="ReductionException">Something is wrong with the bundle, and <see cref="ReductionOptions.Strict"/> is set.</exception>
    public static ReductionResult Reduce(string bundleDirectory, ReductionOptions? options = null)
    {
        options ??= ReductionOptions.Default;
        return Reduce(BundleReader.Open(bundleDirectory, options.Limits), options);
    }

    /// <summary>Reduces a bundle that is open already; its limits count, not those of <paramref name="options"/>.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="options">How to reduce; null for <see cref="ReductionOptions.Default"/>.</param>
    /// <exception cref="BundleException">The log cannot be read.</exception>
    /// <exception cref="ReductionException">Something is wrong with the bundle, and <see cref="ReductionOptions.Strict"/> is set.</exception>
    public static ReductionResult Reduce(BundleReader bundle, ReductionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        return Reduce(bundle, options ?? ReductionOptions.Default, recognises: true);
    }

    /// <summary>Reduces a bundle; without recognising anything by its bytes, more slowly and to the same state.</summary>
    internal static ReductionResult Reduce(BundleReader bundle, ReductionOptions options, bool recognises)
    {
        var ahead = new EntriesAhead();
        var replay = new RolloutReplay(bundle, options.Strict, recognises, ahead);
        var progress = options.Progress is null ? null : new LogProgress(options.Progress, bundle.GetEventLogLength());
        using (var log = new ReadAhead(bundle, ahead, options.Observer))
        {
            while (log.Take() is { } next)
            {
                replay.Apply(next.Line, next.Payload);
                progress?.Report(next.Line.EndOffset);
            }
        }

        return replay.Finish();
    }
}

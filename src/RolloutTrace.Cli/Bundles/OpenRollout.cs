using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Cli;

/// <summary>A bundle that was reduced in memory to be asked about.</summary>
internal sealed class OpenRollout
{
    private readonly Lazy<RolloutIndex> index;

    private OpenRollout(string path, BundleReader bundle, ReductionResult result, RolloutLiveness liveness)
    {
        Path = path;
        Liveness = liveness;
        Bundle = bundle;
        Graph = result.Graph;
        Diagnostics = result.Diagnostics;
        index = new Lazy<RolloutIndex>(() => new RolloutIndex(Graph));
    }

    /// <summary>The bundle, as the command line names it.</summary>
    public string Path { get; }

    public BundleReader Bundle { get; }

    public RolloutGraph Graph { get; }

    public IReadOnlyList<ReductionDiagnostic> Diagnostics { get; }

    /// <summary>Whether the rollout goes on.</summary>
    public RolloutLiveness Liveness { get; }

    public RolloutIndex Index => index.Value;

    /// <summary>Reduces a bundle. A state file in it is not looked at: it may be stale.</summary>
    /// <param name="path">The bundle, as the command line names it.</param>
    /// <param name="time">The clock by which a bundle's silence is measured.</param>
    /// <param name="strict">Whether to refuse a bundle at its first defect.</param>
    /// <exception cref="ReductionException">The reduction is strict, and there is a defect.</exception>
    /// <exception cref="BundleException">There is no bundle, or it cannot be read.</exception>
    public static OpenRollout Open(string path, TimeProvider time, bool strict = false)
    {
        var bundle = BundleReader.Open(path);
        var writer = bundle.FindWriter();
        var result = RolloutReducer.Reduce(bundle, new ReductionOptions { Strict = strict });
        return new OpenRollout(path, bundle, result, RolloutLiveness.Of(result.Graph, writer, time.GetUtcNow()).With(bundle.Manifest.Lost));
    }
}

using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Benchmarks.Reducing;

/// <summary>Reduces one bundle, strictly: a bundle that does not reduce would be fast.</summary>
internal sealed class Reduction
{
    private static readonly ReductionOptions Strict = new() { Strict = true };

    public Reduction(string bundle)
    {
        Bundle = bundle;
        BundleBytes = new DirectoryInfo(bundle).EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(f => f.Name != BundleLayout.StateFileName)
            .Sum(f => f.Length);
    }

    public string Bundle { get; }

    public long BundleBytes { get; }

    /// <summary>Reduces, and keeps the state in memory.</summary>
    /// <returns>The number of conversation items.</returns>
    public long ToGraph() => RolloutReducer.Reduce(Bundle, Strict).Graph.ConversationItems.Count;

    /// <summary>Reduces, and writes the state beside the bundle's evidence.</summary>
    /// <returns>The length of the state file.</returns>
    public long ToStateFile()
    {
        var result = RolloutReducer.Reduce(Bundle, Strict);
        using var state = new FileStream(Path.Join(Bundle, BundleLayout.StateFileName), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        result.Graph.Save(state);
        return state.Length;
    }
}

using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Comparing;

/// <summary>One of the rollouts that are compared.</summary>
public sealed record ComparedRollout
{
    /// <summary>The bundle, as whoever asks names it.</summary>
    public required string Bundle { get; init; }

    /// <summary>Identity of the recording.</summary>
    public required string TraceId { get; init; }

    /// <summary>Identity of the rollout.</summary>
    public required string RolloutId { get; init; }

    /// <summary>Names a rollout.</summary>
    /// <param name="bundle">The bundle, as whoever asks names it.</param>
    /// <param name="graph">Its state.</param>
    public static ComparedRollout Of(string bundle, RolloutGraph graph)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        ArgumentNullException.ThrowIfNull(graph);
        return new ComparedRollout { Bundle = bundle, TraceId = graph.TraceId, RolloutId = graph.RolloutId };
    }
}

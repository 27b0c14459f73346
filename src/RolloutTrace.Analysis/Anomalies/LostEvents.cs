using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Anomalies;

/// <summary>What the recorder itself says is missing.</summary>
internal static class LostEvents
{
    public static IEnumerable<RolloutAnomaly> Find(RolloutGraph graph, RolloutLiveness? liveness)
    {
        if (liveness?.Lost is { } lost)
        {
            yield return new RolloutAnomaly
            {
                Code = AnomalyCodes.RecordingCut,
                Subject = graph.RolloutId,
                Message = $"the recording of rollout {graph.RolloutId} was cut: {LossText.Of(lost)}",
                Evidence = [],
            };
        }
    }
}

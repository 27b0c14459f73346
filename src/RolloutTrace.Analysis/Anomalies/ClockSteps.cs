using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Anomalies;

/// <summary>Where the wall clock goes back from one event to the next, as far as the state keeps their times.</summary>
internal static class ClockSteps
{
    public static IEnumerable<RolloutAnomaly> Find(RolloutGraph graph)
    {
        var times = ExecutionWindows.Of(graph)
            .SelectMany(static window => window.EndedSeq is { } seq && window.EndedAtUnixMs is { } time
                ? new[] { (Seq: window.StartedSeq, Time: window.StartedAtUnixMs), (Seq: seq, Time: time) }
                : [(Seq: window.StartedSeq, Time: window.StartedAtUnixMs)])
            .Distinct()
            .OrderBy(static entry => entry.Seq)
            .ToList();
        for (var i = 1; i < times.Count; i++)
        {
            var step = times[i].Time - times[i - 1].Time;
            if (step < 0)
            {
                yield return new RolloutAnomaly
                {
                    Code = AnomalyCodes.ClockStep,
                    Subject = graph.RolloutId,
                    Message = $"the clock goes back by {-step} ms between seq {times[i - 1].Seq} and seq {times[i].Seq}",
                    Evidence = [Evidence.Event(times[i - 1].Seq), Evidence.Event(times[i].Seq)],
                };
            }
        }
    }
}

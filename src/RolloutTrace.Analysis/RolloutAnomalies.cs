using RolloutTrace.Analysis.Anomalies;


namespace RolloutTrace.Analysis;

/// <summary>Finds what a person should look at in a rollout.</summary>
public static class RolloutAnomalies
{
    /// <summary>The anomalies, kind by kind. Linear in the state's size and that of the requests' payloads, which are read.</summary>
    /// <param name="rollout">The rollout. Where it goes on, what runs in it, and what is on its way, is no anomaly.</param>
    public static IReadOnlyList<RolloutAnomaly> Find(OpenRollout rollout)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        var (index, liveness) = (rollout.Index, rollout.Liveness);

        // Of a rollout that goes on, a message may yet be read, and a process yet be waited for. One that was cut went on unseen.
        var isRunning = liveness is { IsRunning: true } or { IsCut: true };
        return
        [
            .. LostEvents.Find(index.Graph, liveness),
            .. UnfinishedWork.Find(index.Graph, liveness),
            .. OpenCalls.Find(index),
            .. isRunning ? [] : LostMessages.Find(index),
            .. RequestTrouble.Find(index),
            .. InstructionChanges.Find(rollout),
            .. ToolChanges.Find(rollout),
            .. MissedCaches.Find(rollout),
            .. isRunning ? [] : LeftProcesses.Find(index.Graph),
            .. ClockSteps.Find(index.Graph),
        ];
    }
}

using RolloutTrace.Analysis.Anomalies;
using RolloutTrace.Reducer;


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
        var known = new KnownHistories(rollout);

        // Of a rollout that goes on, a message may yet be read, and a process yet be waited for. One that was cut went on unseen, and
        // so did one whose bundle is a copy from when it went on: what has no end there is told with that.
        var isCopy = liveness.Status == RolloutStanding.Unended && rollout.Diagnostics.Any(static diagnostic => diagnostic.Code == DiagnosticCodes.BundleCut);
        var isRunning = isCopy || liveness is { IsRunning: true } or { IsCut: true };
        return
        [
            .. LostEvents.Find(index.Graph, liveness),
            .. MissingEvidence.Find(rollout),
            .. isCopy ? [] : UnfinishedWork.Find(index.Graph, liveness),
            .. OpenCalls.Find(rollout, known, isCopy),
            .. isRunning ? [] : LostMessages.Find(index, known),
            .. RequestTrouble.Find(rollout, known),
            .. FailedWork.Find(rollout),
            .. RepeatedCalls.Find(index),
            .. InstructionChanges.Find(rollout),
            .. ToolChanges.Find(rollout),
            .. MissedCaches.Find(rollout),
            .. isRunning ? [] : LeftProcesses.Find(index.Graph),
            .. ClockSteps.Find(rollout),
        ];
    }
}

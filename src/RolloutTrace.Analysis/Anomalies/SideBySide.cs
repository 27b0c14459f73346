using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis.Anomalies;

/// <summary>
/// The last requests of a thread that were sent side by side, such as those of a map over several texts. One that was sent before another had been answered cannot go
/// on from it, and what comes behind them need not go on from the one that happens to be the last.
/// </summary>
internal sealed class SideBySide(RolloutGraph graph)
{
    private readonly List<InferenceCall> together = [];
    private InferenceCall? before;
    private long answered = -1;

    // How many items all of them begin with.
    private int shared;

    /// <summary>Adds the next request.</summary>
    public void Add(InferenceCall request)
    {
        if (!Includes(request))
        {
            before = together.LastOrDefault();
            together.Clear();
        }

        shared = together.Count switch
        {
            0 => request.RequestItemIds.Count,
            _ => Math.Min(shared, Histories.CommonLength(graph, together[^1].RequestItemIds, request.RequestItemIds)),
        };
        together.Add(request);
        if (request.Execution is { Status: ExecutionStatus.Completed, EndedSeq: { } ended } && ended > answered)
        {
            answered = ended;
        }
    }

    /// <summary>Whether the next request was sent before all of them had been answered. One that was given up is waited for by nobody.</summary>
    public bool Includes(InferenceCall next) => answered > next.Execution.StartedSeq;

    /// <summary>Whether the request behind several may be where they lead: it goes on from another of them or from what was before them, or is one more that begins as they do and goes its own way.</summary>
    /// <param name="next">The request.</param>
    /// <param name="common">How many items it has in common with the last of them.</param>
    public bool LeadsTo(InferenceCall next, int common) =>
        together.Count > 1 && ((common == shared && shared < together[^1].RequestItemIds.Count) || together.SkipLast(1).Prepend(before).Any(earlier => earlier is not null && GoesOn(earlier, next)));

    private bool GoesOn(InferenceCall earlier, InferenceCall next) =>
        Histories.CommonLength(graph, earlier.RequestItemIds, next.RequestItemIds) == earlier.RequestItemIds.Count;
}

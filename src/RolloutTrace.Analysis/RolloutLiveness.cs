using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Analysis;

/// <summary>
/// Whether a rollout goes on, and by what that is known. Its log alone cannot tell: of one that was killed it says the same as of
/// one that is running.
/// </summary>
public sealed record RolloutLiveness
{
    private const double MillisecondsADay = 24 * 60 * 60 * 1000;

    /// <summary>How long nothing must have happened in a rollout until its program is taken for dead without better evidence: 7 days.</summary>
    public static readonly TimeSpan LongSilence = TimeSpan.FromDays(7);

    /// <summary>How the rollout stands.</summary>
    public required RolloutStanding Status { get; init; }

    /// <summary>By what a status that the log does not give is known, on one line; null for one that it gives.</summary>
    public string? Evidence { get; init; }

    /// <summary>What the recorder says it has lost of the rollout; null if it says nothing.</summary>
    public BundleLoss? Lost { get; init; }

    /// <summary>Whether what is running in the state was cut off by the end of its process.</summary>
    public bool IsDead => Status == RolloutStanding.Died;

    /// <summary>Whether the bundle was stopped while the rollout went on.</summary>
    public bool IsCut => Status == RolloutStanding.Cut;

    /// <summary>Whether the rollout ended, died or was cut: what is running in the state will have no end.</summary>
    public bool IsOver => Status is not (RolloutStanding.Running or RolloutStanding.Unended);

    /// <summary>Whether what is running in the state may still end.</summary>
    public bool IsRunning => Status == RolloutStanding.Running;

    /// <summary>Finds out.</summary>
    /// <param name="status">What the log says.</param>
    /// <param name="writer">What <see cref="BundleReader.FindWriter"/> said before the log was read.</param>
    /// <param name="lastEventAtUnixMs">When the last event was recorded; null if none was.</param>
    /// <param name="now">The time at which that is asked.</param>
    public static RolloutLiveness Of(RolloutStatus status, BundleWriterState writer, long? lastEventAtUnixMs, DateTimeOffset now)
    {
        return (status, writer) switch
        {
            (RolloutStatus.Completed, _) => new RolloutLiveness { Status = RolloutStanding.Completed },
            (RolloutStatus.Failed, _) => new RolloutLiveness { Status = RolloutStanding.Failed },
            (RolloutStatus.Aborted, _) => new RolloutLiveness { Status = RolloutStanding.Aborted },
            (_, BundleWriterState.Alive) => new RolloutLiveness { Status = RolloutStanding.Running, Evidence = "its recorder holds its lock" },
            (_, BundleWriterState.Gone) => new RolloutLiveness { Status = RolloutStanding.Died, Evidence = "its process is gone, nobody holds its recorder's lock" },
            (_, BundleWriterState.NoLock) => new RolloutLiveness { Status = RolloutStanding.Unended, Evidence = "its recorder's lock is not beside it: the recorder is gone, or this is a copy" },
            _ => BySilence(now.ToUnixTimeMilliseconds() - (double?)lastEventAtUnixMs),
        };
    }

    /// <summary>Finds out about a rollout that was reduced.</summary>
    /// <param name="graph">The state. Its latest time stands for the last event's.</param>
    /// <param name="writer">What <see cref="BundleReader.FindWriter"/> said before the bundle was reduced.</param>
    /// <param name="now">The time at which that is asked.</param>
    public static RolloutLiveness Of(RolloutGraph graph, BundleWriterState writer, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(graph);
        long? latest = null;
        foreach (var window in ExecutionWindows.Of(graph))
        {
            var time = window.EndedAtUnixMs ?? window.StartedAtUnixMs;
            latest = latest > time ? latest : time;
        }

        return Of(graph.Status, writer, latest ?? graph.StartedAtUnixMs, now);
    }

    /// <summary>The same with what the recorder says it has lost, which tells more than whether its process lives.</summary>
    /// <param name="lost">What <see cref="BundleManifest.Lost"/> says.</param>
    public RolloutLiveness With(BundleLoss? lost)
    {
        if (lost is null)
        {
            return this;
        }

        return Status is RolloutStanding.Running or RolloutStanding.Died or RolloutStanding.Unended
            ? new RolloutLiveness { Status = RolloutStanding.Cut, Evidence = $"recording was cut: {LossText.Of(lost)}", Lost = lost }
            : this with { Lost = lost };
    }

    /// <summary>
    /// The same of a bundle that was copied or cut while it was written: that its log says no more is no sign of death, however long ago
    /// that was. Who holds the recorder's lock, or left it behind, knows better.
    /// </summary>
    internal RolloutLiveness OfCopy(BundleWriterState writer) =>
        Status is RolloutStanding.Unended or RolloutStanding.Died && writer is BundleWriterState.Unknown or BundleWriterState.NoLock
            ? new RolloutLiveness { Status = RolloutStanding.Unended, Evidence = "its bundle was copied or cut while it was written" }
            : this;

    /// <summary>Says what a state says: of a rollout without an end nothing more is known.</summary>
    internal static RolloutLiveness OfState(RolloutGraph graph) => Of(graph.Status, BundleWriterState.Unknown, lastEventAtUnixMs: null, default);

    private static RolloutLiveness BySilence(double? silenceMs) => silenceMs >= LongSilence.TotalMilliseconds
        ? new RolloutLiveness { Status = RolloutStanding.Died, Evidence = $"its last event is {Math.Floor(silenceMs.Value / MillisecondsADay):0} days old" }
        : new RolloutLiveness { Status = RolloutStanding.Unended, Evidence = "nothing tells whether its process lives" };
}

using System.Diagnostics.Metrics;

namespace RolloutTrace.Fleet;

/// <summary>A worker's own metrics, by the meter <see cref="MeterName"/>.</summary>
public sealed class WorkMetrics : IWorkListener, IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "RolloutTrace.Fleet";

    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> rollouts;
    private readonly Counter<long> bytes;
    private readonly Counter<long> rows;
    private readonly Counter<long> dead;
    private readonly Histogram<double> durations;

    /// <summary>Makes the instruments.</summary>
    public WorkMetrics()
    {
        rollouts = meter.CreateCounter<long>("rollout_trace.work.rollouts", "{rollout}", "Rollouts that were tried, by outcome.");
        bytes = meter.CreateCounter<long>("rollout_trace.work.bytes", "By", "Bytes of packed rollouts that were reduced.");
        rows = meter.CreateCounter<long>("rollout_trace.work.rows", "{row}", "Rows that were put into the lake.");
        dead = meter.CreateCounter<long>("rollout_trace.work.dead_letters", "{message}", "Messages that went to the dead letters, by reason.");
        durations = meter.CreateHistogram<double>("rollout_trace.work.duration", "s", "How long a rollout took, from the store into the lake, by outcome.");
    }

    /// <inheritdoc/>
    public void OnTried(WorkOutcome outcome, TimeSpan took)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var kind = new KeyValuePair<string, object?>("outcome", outcome.Kind switch
        {
            WorkOutcomeKind.Done => "done",
            WorkOutcomeKind.Unreadable => "unreadable",
            WorkOutcomeKind.Missing => "missing",
            WorkOutcomeKind.Failed => "failed",
            _ => "out_of_reach",
        });
        rollouts.Add(1, kind);
        bytes.Add(outcome.Bytes);
        rows.Add(outcome.Rows);
        durations.Record(took.TotalSeconds, kind);
    }

    /// <inheritdoc/>
    public void OnDead(string? key, string reason, string detail) => dead.Add(1, new KeyValuePair<string, object?>("reason", reason));

    /// <inheritdoc/>
    public void OnTrouble(string problem)
    {
    }

    /// <summary>Ends the meter.</summary>
    public void Dispose() => meter.Dispose();
}

using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>When something ran, by the wall clock and by the causal order, and how it ended.</summary>
public sealed record ExecutionWindow
{
    /// <summary>Wall clock of the start, in milliseconds since the Unix epoch.</summary>
    public required long StartedAtUnixMs { get; init; }

    /// <summary>Sequence number of the event that started it.</summary>
    public required long StartedSeq { get; init; }

    /// <summary>Wall clock of the end, in milliseconds since the Unix epoch; null while it runs.</summary>
    public long? EndedAtUnixMs { get; init; }

    /// <summary>Sequence number of the event that ended it; null while it runs.</summary>
    public long? EndedSeq { get; init; }

    /// <summary>How it stands.</summary>
    public required ExecutionStatus Status { get; init; }

    internal static ExecutionWindow StartedBy(RawEvent e) => new()
    {
        StartedAtUnixMs = e.WallTimeUnixMs,
        StartedSeq = e.Seq,
        Status = ExecutionStatus.Running,
    };

    internal ExecutionWindow EndedBy(RawEvent e, ExecutionStatus status) => this with
    {
        EndedAtUnixMs = e.WallTimeUnixMs,
        EndedSeq = e.Seq,
        Status = status,
    };
}

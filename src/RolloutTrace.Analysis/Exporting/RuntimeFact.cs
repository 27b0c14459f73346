using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis.Exporting;

/// <summary>One time that a runtime carried out a tool call.</summary>
internal sealed class RuntimeFact
{
    public required SpanMoment Start { get; init; }

    public required PayloadReference Begin { get; init; }

    public SpanReference? Span { get; init; }

    public PayloadReference? End { get; private set; }

    /// <summary>When it ended; null if it did not.</summary>
    public SpanMoment? Ended { get; private set; }

    public ExecutionStatus Status { get; private set; } = ExecutionStatus.Running;

    public void EndAt(RawEvent e, PayloadReference payload, ExecutionStatus status)
    {
        Ended = new SpanMoment(e.WallTimeUnixMs, e.Seq);
        End = payload;
        Status = status;
    }
}

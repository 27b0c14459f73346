using RolloutTrace.Bundle;

namespace RolloutTrace.Analysis.Exporting;

/// <summary>One time that a runtime carried out a tool call.</summary>
internal sealed class RuntimeFact
{
    public required long StartedAtUnixMs { get; init; }

    public required PayloadReference Begin { get; init; }

    public SpanReference? Span { get; init; }

    public PayloadReference? End { get; private set; }

    public long? EndedAtUnixMs { get; private set; }

    public ExecutionStatus Status { get; private set; } = ExecutionStatus.Running;

    public void EndAt(RawEvent e, PayloadReference payload, ExecutionStatus status)
    {
        EndedAtUnixMs = e.WallTimeUnixMs;
        End = payload;
        Status = status;
    }
}

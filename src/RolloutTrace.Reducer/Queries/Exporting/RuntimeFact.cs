using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Queries;

/// <summary>One time that a runtime carried out a tool call.</summary>
internal sealed class RuntimeFact
{
    public required long StartedAtUnixMs { get; init; }

    public required PayloadReference Begin { get; init; }

    public SpanReference? Span { get; init; }

    public PayloadReference? End { get; set; }

    public long? EndedAtUnixMs { get; set; }

    public ExecutionStatus Status { get; set; } = ExecutionStatus.Running;
}

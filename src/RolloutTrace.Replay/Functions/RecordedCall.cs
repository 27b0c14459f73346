using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Replay.Functions;

/// <summary>A tool call as it was recorded. Immutable.</summary>
/// <param name="Call">The call.</param>
/// <param name="Arguments">What it was given, for people.</param>
/// <param name="Result">What came of it; null if nothing did.</param>
internal sealed record RecordedCall(RecordedToolCall Call, string Arguments, PayloadReference? Result)
{
    public bool HasEnded => Call.Execution.Status != ExecutionStatus.Running;

    public bool HasFailed => Call.Execution.Status != ExecutionStatus.Completed;
}

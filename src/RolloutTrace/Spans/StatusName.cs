using RolloutTrace.Bundle;

namespace RolloutTrace.Spans;

/// <summary>The words for statuses on spans: those of the bundle.</summary>
internal static class StatusName
{
    public static string Of(ExecutionStatus status) => status switch
    {
        ExecutionStatus.Running => "running",
        ExecutionStatus.Completed => "completed",
        ExecutionStatus.Failed => "failed",
        ExecutionStatus.Cancelled => "cancelled",
        ExecutionStatus.Aborted => "aborted",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static string Of(CodeCellRuntimeStatus status) => status switch
    {
        CodeCellRuntimeStatus.Starting => "starting",
        CodeCellRuntimeStatus.Running => "running",
        CodeCellRuntimeStatus.Yielded => "yielded",
        CodeCellRuntimeStatus.Completed => "completed",
        CodeCellRuntimeStatus.Failed => "failed",
        CodeCellRuntimeStatus.Terminated => "terminated",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };
}

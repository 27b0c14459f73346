using RolloutTrace.Bundle;

namespace RolloutTrace.Spans;

/// <summary>The words for statuses on spans: those of the bundle.</summary>
internal static class StatusName
{
    public static string Of(ExecutionStatus status) => WireEnum<ExecutionStatus>.Name(status).Value;

    public static string Of(CodeCellRuntimeStatus status) => WireEnum<CodeCellRuntimeStatus>.Name(status).Value;
}

using System.Diagnostics;

namespace RolloutTrace.Extensions.AI.Requests;

/// <summary>The operations that spans of the frameworks stand for, told by name and attribute.</summary>
internal static class SpanNames
{
    public const string Chat = "chat";
    public const string InvokeAgent = "invoke_agent";
    public const string InvokeWorkflow = "invoke_workflow";
    public const string WorkflowSession = "workflow.session";
    public const string ExecuteTool = "execute_tool";
    public const string Compact = "compaction.compact";
    public const string ToolLoop = "orchestrate_tools";

    private const string Operation = "gen_ai.operation.name";

    /// <summary>The operation; the span's name up to its first space where it has no attribute that says it.</summary>
    public static string Of(Activity span)
    {
        if (span.GetTagItem(Operation) is string { Length: > 0 } operation)
        {
            return operation;
        }

        var name = span.OperationName;
        return name.IndexOf(' ', StringComparison.Ordinal) is var end and > 0 ? name[..end] : name;
    }
}

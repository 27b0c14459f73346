using System.Diagnostics;
using RolloutTrace.Bundle;
using RolloutTrace.Payloads;

namespace RolloutTrace;

/// <summary>A call to an MCP server that carries out a tool call.</summary>
public sealed class McpRuntime : ToolRuntime
{
    private readonly McpRuntimePayload begin;
    private readonly long? started;

    private McpRuntime()
        : base(ToolCall.Disabled, ToolRuntimeForm.Other) =>
        begin = new McpRuntimePayload { CallId = string.Empty, Invocation = new McpInvocation(string.Empty, string.Empty, default) };

    private McpRuntime(ToolCall tool, McpInvocation invocation)
        : base(tool, ToolRuntimeForm.Other)
    {
        started = Rollout.Clock.Timestamp();
        begin = new McpRuntimePayload { CallId = CallId, Invocation = invocation };
    }

    internal static McpRuntime Disabled { get; } = new();

    private protected override JsonPayload BeginPayload => JsonPayload.From(begin, PayloadJsonContext.Default.McpRuntimePayload);

    /// <summary>The server answered.</summary>
    /// <param name="result">The result as the protocol has it, an object with <c>content</c>.</param>
    public void Complete(in JsonPayload result)
    {
        if (TryEnd())
        {
            RecordCompleted(result);
        }
    }

    // By itself, so that nothing is made ready for it where nobody listens.
    private void RecordCompleted(in JsonPayload result) => End(ExecutionStatus.Completed, EndPayload(new McpResult { Ok = result }));

    internal static McpRuntime Start(ToolCall tool, string? server, string? toolName, in JsonPayload arguments)
    {
        var invocation = new McpInvocation(server ?? tool.Kind.Server ?? string.Empty, toolName ?? tool.Kind.Tool ?? tool.Kind.Name ?? string.Empty, arguments);
        var runtime = new McpRuntime(tool, invocation);
        return runtime.TryBegin("tool_runtime mcp", ActivityKind.Internal, Tags(tool)) ? runtime : Disabled;
    }

    private protected override JsonPayload FailurePayload(ExecutionStatus status, string error) => EndPayload(new McpResult { Err = error });

    private JsonPayload EndPayload(McpResult result)
    {
        var end = begin with { Duration = ElapsedTime.Of(Rollout.Clock.Since(started)), Result = result };
        return JsonPayload.From(end, PayloadJsonContext.Default.McpRuntimePayload);
    }
}

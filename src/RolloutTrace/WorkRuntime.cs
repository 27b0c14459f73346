using System.Diagnostics;
using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.Payloads;
using RolloutTrace.Spans;

namespace RolloutTrace;

/// <summary>Other work that carries out a tool call.</summary>
public sealed class WorkRuntime : ToolRuntime
{
    private readonly string kind;
    private readonly JsonPayload details;

    private WorkRuntime()
        : base(ToolCall.Disabled, ToolRuntimeForm.Other) => kind = string.Empty;

    private WorkRuntime(ToolCall tool, string kind, in JsonPayload details)
        : base(tool, ToolRuntimeForm.Other)
    {
        this.kind = kind;
        this.details = details;
    }

    internal static WorkRuntime Disabled { get; } = new();

    private protected override JsonPayload BeginPayload => Payload(status: null, error: null, details);

    /// <summary>The work was done.</summary>
    /// <param name="details">What the runtime has to say at the end.</param>
    public void Complete(in JsonPayload details = default)
    {
        if (TryEnd())
        {
            End(ExecutionStatus.Completed, Payload(StatusName.Of(ExecutionStatus.Completed), error: null, details));
        }
    }

    internal static WorkRuntime Start(ToolCall tool, string kind, in JsonPayload details)
    {
        kind ??= EventText.Unknown;
        var runtime = new WorkRuntime(tool, kind, details);
        return runtime.TryBegin($"tool_runtime {SpanTags.Cut(kind)}", ActivityKind.Internal, Tags(tool)) ? runtime : Disabled;
    }

    private protected override JsonPayload FailurePayload(ExecutionStatus status, string error) =>
        Payload(StatusName.Of(status), error, details: default);

    private JsonPayload Payload(string? status, string? error, in JsonPayload details)
    {
        var payload = new WorkRuntimePayload { CallId = CallId, TurnId = TurnId, Kind = kind, Status = status, Error = error, Details = details };
        return JsonPayload.From(payload, PayloadJsonContext.Default.WorkRuntimePayload);
    }
}

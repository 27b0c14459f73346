using System.Diagnostics;
using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.Payloads;
using RolloutTrace.Spans;

namespace RolloutTrace;

/// <summary>A patch that carries out a tool call.</summary>
public sealed class PatchRuntime : ToolRuntime
{
    private readonly PatchRuntimePayload begin;

    private PatchRuntime()
        : base(ToolCall.Disabled, ToolRuntimeForm.Other) =>
        begin = new PatchRuntimePayload { CallId = string.Empty, TurnId = string.Empty, AutoApproved = false, Changes = default };

    private PatchRuntime(ToolCall tool, in JsonPayload changes, bool autoApproved)
        : base(tool, ToolRuntimeForm.Other) =>
        begin = new PatchRuntimePayload
        {
            CallId = CallId,
            TurnId = TurnId,
            AutoApproved = autoApproved,
            Changes = changes.Or("{}"),
        };

    internal static PatchRuntime Disabled { get; } = new();

    private protected override JsonPayload BeginPayload => JsonPayload.From(begin, PayloadJsonContext.Default.PatchRuntimePayload);

    /// <summary>The patch was applied.</summary>
    /// <param name="stdout">What the runtime says.</param>
    /// <param name="stderr">What it warns of.</param>
    public void Complete(string stdout = "", string stderr = "")
    {
        if (TryEnd())
        {
            End(ExecutionStatus.Completed, EndPayload(stdout ?? string.Empty, stderr ?? string.Empty, success: true, StatusName.Of(ExecutionStatus.Completed)));
        }
    }

    /// <summary>Nobody allowed the patch.</summary>
    /// <param name="reason">What the model is told.</param>
    public void Decline(string reason)
    {
        if (TryEnd())
        {
            End(ExecutionStatus.Failed, EndPayload(string.Empty, reason ?? EventText.Unknown, success: false, "declined"), new Failure(reason ?? EventText.Unknown, "declined"));
        }
    }

    internal static PatchRuntime Start(ToolCall tool, in JsonPayload changes, bool autoApproved)
    {
        var runtime = new PatchRuntime(tool, changes, autoApproved);
        return runtime.TryBegin("tool_runtime apply_patch", ActivityKind.Internal, Tags(tool)) ? runtime : Disabled;
    }

    private protected override JsonPayload FailurePayload(ExecutionStatus status, string error) => EndPayload(string.Empty, error, success: false, "failed");

    private JsonPayload EndPayload(string stdout, string stderr, bool success, string status)
    {
        var end = begin with { Stdout = stdout, Stderr = stderr, Success = success, Status = status };
        return JsonPayload.From(end, PayloadJsonContext.Default.PatchRuntimePayload);
    }
}

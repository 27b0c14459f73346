using RolloutTrace.Bundle;

namespace RolloutTrace.Payloads;

/// <summary>
/// Which runtime events a tool call may have. For some kinds of tool readers expect one shape of payload, and refuse the whole
/// rollout over another. What does not fit is recorded as a breadcrumb, so nothing is lost. Safe for concurrent use.
/// </summary>
internal sealed class ToolRuntimeEvents
{
    private readonly ToolCallKindType kind;
    private readonly bool hasInvocation;
    private readonly bool hasMessage;
    private int claimed;
    private volatile bool isClaimed;

    /// <param name="kind">Kind of the tool.</param>
    /// <param name="hasInvocation">Whether the call has an invocation payload.</param>
    /// <param name="hasMessage">Whether a message to an agent is in the tool's own arguments.</param>
    public ToolRuntimeEvents(ToolCallKindType kind, bool hasInvocation, bool hasMessage)
    {
        this.kind = kind;
        this.hasInvocation = hasInvocation;
        this.hasMessage = hasMessage;
    }

    /// <summary>Whether there is a runtime.</summary>
    public bool IsClaimed => isClaimed;

    /// <summary>Whether a runtime's events may be the call's own. A terminal call has one operation, so only its first runtime may.</summary>
    public bool Claim(ToolRuntimeForm form)
    {
        isClaimed = true;
        return kind switch
        {
            ToolCallKindType.ExecCommand => form == ToolRuntimeForm.Command && ClaimOnce(),

            // Its invocation is the operation already, and a runtime start would be a second one.
            ToolCallKindType.WriteStdin => form != ToolRuntimeForm.Other && !hasInvocation && ClaimOnce(),
            ToolCallKindType.SpawnAgent or ToolCallKindType.SendMessage or ToolCallKindType.AssignAgentTask or ToolCallKindType.CloseAgent => false,
            _ => true,
        };
    }

    /// <summary>Whether what the tool did to an agent may be the call's own event: the kind fits, it is the first, and its message is known.</summary>
    public bool Claim(AgentInteraction interaction, string? message) =>
        kind == interaction.Kind && (!interaction.HasMessage || hasMessage || message is not null) && ClaimOnce();

    private bool ClaimOnce() => Interlocked.Exchange(ref claimed, 1) == 0;
}

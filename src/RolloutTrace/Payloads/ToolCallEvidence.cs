using RolloutTrace.Bundle;
using RolloutTrace.Spans;

namespace RolloutTrace.Payloads;

/// <summary>
/// Records what a tool call does: its runtimes, and what it does to agents. The format has room for one runtime of some tools
/// and for none of others; what does not fit is recorded as a breadcrumb.
/// </summary>
internal readonly struct ToolCallEvidence(ToolCall call)
{
    /// <summary>A runtime began.</summary>
    /// <param name="runtime">The runtime, whose span the event has.</param>
    /// <param name="fits">Whether it is the tool's own event; a breadcrumb if not.</param>
    /// <param name="payload">What the runtime said.</param>
    public void RuntimeStarted(RolloutHandle runtime, bool fits, in JsonPayload payload)
    {
        if (fits)
        {
            call.Rollout.Record(ContextOf(runtime), PayloadKind.ToolRuntimeEvent, payload, call.ToolCallId, static (id, reference) =>
                new ToolCallRuntimeStartedEvent { ToolCallId = id, RuntimePayload = reference });
        }
        else
        {
            LeaveBreadcrumb(runtime, Breadcrumbs.ToolCallRuntimeStarted, payload);
        }
    }

    /// <summary>A runtime ended.</summary>
    /// <inheritdoc cref="RuntimeStarted"/>
    public void RuntimeEnded(RolloutHandle runtime, bool fits, ExecutionStatus status, in JsonPayload payload)
    {
        if (fits)
        {
            call.Rollout.Record(ContextOf(runtime), PayloadKind.ToolRuntimeEvent, payload, (call.ToolCallId, Status: status), static (s, reference) =>
                new ToolCallRuntimeEndedEvent { ToolCallId = s.ToolCallId, Status = s.Status, RuntimePayload = reference });
        }
        else
        {
            LeaveBreadcrumb(runtime, Breadcrumbs.ToolCallRuntimeEnded, payload);
        }
    }

    /// <summary>The tool was a call to an MCP server, as its span says by the end: that is how it was carried out.</summary>
    public void McpCalled(McpSpan mcp, ExecutionStatus status, string? arguments, in JsonPayload result, string? error)
    {
        var fits = call.RuntimeEvents.Claim(ToolRuntimeForm.Other);
        var output = PayloadPeek.Output(result);
        RuntimeStarted(call, fits, mcp.Payload(call.ToolCallId, arguments));
        call.Rollout.Record(ContextOf(call), new McpToolCallCorrelationAssignedEvent { ToolCallId = call.ToolCallId, McpCallId = mcp.CallId });
        RuntimeEnded(call, fits, status, mcp.Payload(call.ToolCallId, arguments, call.Activity!.Duration, output, error));
    }

    /// <summary>The tool started an agent.</summary>
    public void Started(AgentSession child, string? message)
    {
        if (call.IsEnabled)
        {
            Record(AgentInteraction.Spawn, child, message);
        }
    }

    /// <summary>The tool told an agent something; the agent's next model request links here.</summary>
    public void Told(AgentInteraction interaction, LinkKind link, AgentSession recipient, string? message)
    {
        if (call.IsEnabled && recipient is { IsEnabled: true })
        {
            recipient.PendingLinks.Add(link, call.SpanContext);
            if (ReferenceEquals(recipient.Rollout, call.Rollout))
            {
                recipient.TurnCause.Note(link, call.SpanContext);
            }

            Record(interaction, recipient, message);
        }
    }

    /// <summary>The tool closed an agent; the agent's session links here.</summary>
    public void Closed(AgentSession agent)
    {
        if (call.IsEnabled && agent is { IsEnabled: true })
        {
            agent.AddLink(LinkKind.CloseAgent, call.SpanContext);
            Record(AgentInteraction.Close, agent, message: null);
        }
    }

    private void Record(AgentInteraction interaction, AgentSession agent, string? message)
    {
        if (call.Rollout.IsRecorded)
        {
            // The format spawns an agent once.
            var fits = ReferenceEquals(agent.Rollout, call.Rollout)
                && !(interaction == AgentInteraction.Spawn && agent.IsLoadedAgain)
                && call.RuntimeEvents.Claim(interaction, message);
            RuntimeEnded(call, fits, ExecutionStatus.Completed, interaction.Payload(call, agent, message, isNamed: !fits && interaction.Kind != call.Kind.Type));
        }
    }

    private void LeaveBreadcrumb(RolloutHandle runtime, string name, in JsonPayload payload) =>
        call.Rollout.Record(ContextOf(runtime), PayloadKind.ProtocolEvent, payload, name, static (type, reference) =>
            new ProtocolEventObservedEvent { EventType = type, EventPayload = reference });

    private RolloutEventContext ContextOf(RolloutHandle runtime) => call.Context with { Span = runtime.Activity, SpanAttributes = runtime.Carried };
}

using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Agents;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Runtime;

/// <summary>Tool calls, from dispatch through the runtime's work to the result.</summary>
internal sealed class ToolCallReduction(
    ReplayState state,
    PayloadReader payloads,
    Tolerance tolerance,
    EventPlaces places,
    ToolCallLinks links,
    TerminalReduction terminals,
    CodeCellReduction cells,
    AgentToolReduction agents)
{
    private const string KeptWithout = "the tool call is kept without it";

    private readonly LatestUses uses = new(state, tolerance, "tool call");

    /// <summary>The id in the state of the tool call that an event is about.</summary>
    public string IdOf(string toolCallId) => uses.Of(toolCallId);

    public void Start(RawEvent raw, ToolCallStartedEvent e)
    {
        var what = $"the start of tool call {e.ToolCallId}";
        var id = uses.Next(raw, e.ToolCallId, state.Tools.Find(uses.Of(e.ToolCallId))?.Execution);
        links.CheckCallId(e.ModelVisibleCallId, what);
        var threadId = places.ThreadOf(raw, what);
        places.Thread(raw, threadId, what);
        if (raw.CodexTurnId is not null)
        {
            places.TurnOf(raw, raw.CodexTurnId, threadId, what);
        }

        var cellId = (e.Requester as CodeCellRequester)?.RuntimeCellId is { } handle ? cells.CellOf(threadId, handle, what) : null;
        var tool = new RecordedToolCall
        {
            ToolCallId = id,
            ModelVisibleCallId = e.ModelVisibleCallId,
            CodeModeRuntimeToolId = e.CodeModeRuntimeToolId,
            ThreadId = threadId,
            StartedByCodexTurnId = raw.CodexTurnId,
            Execution = ExecutionWindow.StartedBy(raw),
            Requester = cellId is null ? new RequestedByModel() : new RequestedByCodeCell { CodeCellId = cellId },
            Kind = e.Kind,
            Summary = Sound(e.Summary, what),
            RawInvocationPayloadId = e.InvocationPayload?.RawPayloadId,
            Otel = raw.Otel?.Reference,
        };
        state.Tools.Set(tool.ToolCallId, tool);
        if (cellId is not null)
        {
            cells.AddNestedTool(cellId, tool.ToolCallId);
        }

        using var payload = e.InvocationPayload is null ? null : payloads.OpenOrNote(e.InvocationPayload);
        if (payload is not null)
        {
            var invocation = payload.Content;
            tolerance.Part(() => cells.LinkWait(tool, invocation), KeptWithout);
            if (e.Kind.Type == ToolCallKindType.WriteStdin)
            {
                tolerance.Part(() => terminals.StartFromInvocation(raw, tool, e.InvocationPayload!, invocation), "the tool call is kept without a terminal operation");
            }
        }

        links.LinkStarted(state.Tools[tool.ToolCallId]);
        links.NoteGivenId(tool, payload?.Content);
    }

    public void Assign(McpToolCallCorrelationAssignedEvent e)
    {
        var tool = Known(e.ToolCallId, "an MCP correlation");
        if (tool.McpCallId is not null)
        {
            throw ReductionFault.Contradiction($"tool call {e.ToolCallId} has the MCP correlation {tool.McpCallId} already");
        }

        state.Tools.Set(tool.ToolCallId, tool with { McpCallId = e.McpCallId });
    }

    public void StartRuntime(RawEvent raw, ToolCallRuntimeStartedEvent e)
    {
        var tool = WithRuntimePayload(Known(e.ToolCallId, "the start of a tool's runtime"), e.RuntimePayload);
        if (tool.Kind.Type is not (ToolCallKindType.ExecCommand or ToolCallKindType.WriteStdin
            or ToolCallKindType.SendMessage or ToolCallKindType.AssignAgentTask or ToolCallKindType.CloseAgent))
        {
            return;
        }

        using var payload = payloads.OpenOrNote(e.RuntimePayload);
        if (payload is null)
        {
            return;
        }

        var begin = payload.Content;
        if (tool.Kind.Type is ToolCallKindType.ExecCommand or ToolCallKindType.WriteStdin)
        {
            tolerance.Part(() => terminals.StartFromRuntime(raw, tool, e.RuntimePayload, begin), "the tool call is kept without a terminal operation");
        }
        else
        {
            tolerance.Part(() => agents.StartRuntime(tool, begin), KeptWithout);
        }
    }

    public void EndRuntime(RawEvent raw, ToolCallRuntimeEndedEvent e)
    {
        var tool = WithRuntimePayload(Known(e.ToolCallId, "the end of a tool's runtime"), e.RuntimePayload);
        using var payload = payloads.OpenOrNote(e.RuntimePayload);
        EndOperation(raw, tool, e.Status, e.RuntimePayload, payload?.Content);
        if (payload is not null)
        {
            tolerance.Part(() => agents.EndRuntime(raw, tool, payload.Content), KeptWithout);
        }
    }

    public void End(RawEvent raw, ToolCallEndedEvent e)
    {
        var tool = Known(e.ToolCallId, "the end of a tool call");
        tool = tool with
        {
            Execution = tool.Execution.EndedBy(raw, e.Status),
            RawResultPayloadId = e.ResultPayload?.RawPayloadId,
        };
        state.Tools.Set(tool.ToolCallId, tool);
        var endsOperation = tool.TerminalOperationId is not null && tool.RawRuntimePayloadIds.Count == 0;
        using var result = e.ResultPayload is not null && (endsOperation || links.WantsResult(tool)) ? payloads.OpenOrNote(e.ResultPayload) : null;
        if (endsOperation)
        {
            EndOperation(raw, tool, e.Status, e.ResultPayload, result?.Content);
        }

        links.NoteResult(tool, result?.Content);
        agents.AddResult(tool);
    }

    private void EndOperation(RawEvent raw, RecordedToolCall tool, ExecutionStatus status, PayloadReference? reference, PayloadDocument? payload)
    {
        if (tool.TerminalOperationId is null)
        {
            return;
        }

        // An operation whose result cannot be read has ended all the same.
        var hasEnded = false;
        tolerance.Part(
            () =>
            {
                terminals.End(raw, tool, status, reference, payload);
                hasEnded = true;
            },
            "the terminal operation is kept without a result");
        if (!hasEnded)
        {
            terminals.End(raw, tool, status, reference: null, payload: null);
        }
    }

    // Codex reads a time limit as a number without a sign.
    private ToolCallSummary Sound(ToolCallSummary summary, string what)
    {
        if (summary is not WaitAgentSummary { TimeoutMs: < 0 } wait)
        {
            return summary;
        }

        tolerance.Accept(new Defect
        {
            Severity = DiagnosticSeverity.Warning,
            Code = DiagnosticCodes.ItemUnsound,
            FaultCode = DiagnosticCodes.UnreadableEvent,
            What = $"{what} has the negative timeout_ms {wait.TimeoutMs}",
            Kept = "it is kept without one",
        });
        return wait with { TimeoutMs = null };
    }

    private RecordedToolCall WithRuntimePayload(RecordedToolCall tool, PayloadReference payload)
    {
        tool = tool with { RawRuntimePayloadIds = tool.RawRuntimePayloadIds.Union([payload.RawPayloadId]) };
        state.Tools.Set(tool.ToolCallId, tool);
        return tool;
    }

    private RecordedToolCall Known(string id, string what) => state.Tools.Find(uses.Of(id))
        ?? throw ReductionFault.Unknown($"{what} names the unknown tool call {id}", id);
}

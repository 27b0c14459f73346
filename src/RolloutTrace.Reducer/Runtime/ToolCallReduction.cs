using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Agents;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Runtime;

/// <summary>Tool calls, from dispatch through the runtime's work to the result.</summary>
internal sealed class ToolCallReduction(
    ReplayState state,
    PayloadReader payloads,
    ToolCallLinks links,
    TerminalReduction terminals,
    CodeCellReduction cells,
    AgentToolReduction agents)
{
    public void Start(RawEvent raw, ToolCallStartedEvent e)
    {
        var what = $"the start of tool call {e.ToolCallId}";
        if (state.Tools.Contains(e.ToolCallId))
        {
            throw ReductionFault.Contradiction($"tool call {e.ToolCallId} has started already");
        }

        if (state.ToolsByModelCall.Find(e.ModelVisibleCallId) is { } other)
        {
            throw ReductionFault.Contradiction($"{what} names the model-visible call {e.ModelVisibleCallId}, which is tool call {other}'s");
        }

        var threadId = state.ThreadOf(raw, what);
        if (!state.Threads.Contains(threadId))
        {
            throw ReductionFault.Contradiction($"{what} names the unknown thread {threadId}");
        }

        if (raw.CodexTurnId is not null)
        {
            state.TurnOfThread(raw.CodexTurnId, threadId, what);
        }

        var cellId = (e.Requester as CodeCellRequester)?.RuntimeCellId is { } handle ? cells.CellOf(threadId, handle, what) : null;
        var tool = new RecordedToolCall
        {
            ToolCallId = e.ToolCallId,
            ModelVisibleCallId = e.ModelVisibleCallId,
            CodeModeRuntimeToolId = e.CodeModeRuntimeToolId,
            ThreadId = threadId,
            StartedByCodexTurnId = raw.CodexTurnId,
            Execution = ExecutionWindow.StartedBy(raw),
            Requester = cellId is null ? new RequestedByModel() : new RequestedByCodeCell { CodeCellId = cellId },
            Kind = e.Kind,
            Summary = e.Summary,
            RawInvocationPayloadId = e.InvocationPayload?.RawPayloadId,
            Otel = raw.Otel?.Reference,
        };
        state.Tools.Set(tool.ToolCallId, tool);
        if (cellId is not null)
        {
            cells.AddNestedTool(cellId, tool.ToolCallId);
        }

        if (e.InvocationPayload is not null)
        {
            using var payload = payloads.Open(e.InvocationPayload);
            var invocation = payload.Content;
            cells.LinkWait(tool, invocation);
            if (e.Kind.Type == ToolCallKindType.WriteStdin)
            {
                terminals.StartFromInvocation(raw, tool, e.InvocationPayload, invocation);
            }
        }

        links.LinkStarted(state.Tools[tool.ToolCallId]);
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
        switch (tool.Kind.Type)
        {
            case ToolCallKindType.ExecCommand or ToolCallKindType.WriteStdin:
                terminals.StartFromRuntime(raw, tool, e.RuntimePayload);
                break;
            case ToolCallKindType.SendMessage or ToolCallKindType.AssignAgentTask or ToolCallKindType.CloseAgent:
                agents.StartRuntime(tool, e.RuntimePayload);
                break;
        }
    }

    public void EndRuntime(RawEvent raw, ToolCallRuntimeEndedEvent e)
    {
        var tool = WithRuntimePayload(Known(e.ToolCallId, "the end of a tool's runtime"), e.RuntimePayload);
        using var payload = payloads.Open(e.RuntimePayload);
        terminals.End(raw, tool, e.Status, e.RuntimePayload, payload.Content);
        agents.EndRuntime(raw, tool, payload.Content);
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
        if (tool.TerminalOperationId is not null && tool.RawRuntimePayloadIds.Count == 0)
        {
            using var result = e.ResultPayload is null ? null : payloads.Open(e.ResultPayload);
            terminals.End(raw, tool, e.Status, e.ResultPayload, result?.Content);
        }

        agents.AddResult(tool);
    }

    private RecordedToolCall WithRuntimePayload(RecordedToolCall tool, PayloadReference payload)
    {
        tool = tool with { RawRuntimePayloadIds = tool.RawRuntimePayloadIds.Append(payload.RawPayloadId) };
        state.Tools.Set(tool.ToolCallId, tool);
        return tool;
    }

    private RecordedToolCall Known(string id, string what) => state.Tools.Find(id)
        ?? throw ReductionFault.Contradiction($"{what} names the unknown tool call {id}");
}

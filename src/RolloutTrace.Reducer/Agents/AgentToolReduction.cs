using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer.Reading;
using RolloutTrace.Reducer.Replay;

namespace RolloutTrace.Reducer.Agents;

/// <summary>The edges that agent tools make: spawn, assign, send and close, in both forms that recordings have.</summary>
internal sealed class AgentToolReduction(ReplayState state, PayloadReader payloads, Tolerance tolerance, EventPlaces places, AgentEdges edges)
{
    /// <summary>The runtime begins to send, assign or close.</summary>
    public void StartRuntime(RecordedToolCall tool, PayloadDocument begin)
    {
        var receiver = begin.RequiredString(begin.Root, "receiver_thread_id");
        if (tool.Kind.Type == ToolCallKindType.CloseAgent)
        {
            Close(tool, receiver, endedAt: null);
        }
        else
        {
            Message(tool, MessageKind(tool), ObjectIds.ToolEdge(tool.ToolCallId), tool.ThreadId, receiver, begin.RequiredString(begin.Root, "prompt"), endedAt: null);
        }
    }

    /// <summary>The runtime of any tool is done.</summary>
    public void EndRuntime(RawEvent raw, RecordedToolCall tool, PayloadDocument end)
    {
        if (PayloadDocument.Member(end.Root, "agent_thread_id").ValueKind != JsonValueKind.Undefined)
        {
            Heed(end, AgentPayloadContract.ComplaintOfActivity(end));
            Activity(raw, tool, end);
            return;
        }

        if (tool.Kind.Type is ToolCallKindType.SpawnAgent or ToolCallKindType.SendMessage or ToolCallKindType.AssignAgentTask or ToolCallKindType.CloseAgent)
        {
            Heed(end, AgentPayloadContract.ComplaintOfEnd(end, tool.Kind.Type));
        }

        switch (tool.Kind.Type)
        {
            case ToolCallKindType.SpawnAgent:
                var sender = end.RequiredString(end.Root, "sender_thread_id");
                var prompt = end.RequiredString(end.Root, "prompt");
                if (end.OptionalString(end.Root, "new_thread_id") is { } child)
                {
                    Message(tool, InteractionEdgeKind.SpawnAgent, ObjectIds.SpawnEdge(sender, child), tool.ThreadId, child, prompt, raw.WallTimeUnixMs);
                }

                break;
            case ToolCallKindType.SendMessage or ToolCallKindType.AssignAgentTask:
                Message(
                    tool,
                    MessageKind(tool),
                    ObjectIds.ToolEdge(tool.ToolCallId),
                    tool.ThreadId,
                    end.RequiredString(end.Root, "receiver_thread_id"),
                    end.RequiredString(end.Root, "prompt"),
                    raw.WallTimeUnixMs);
                break;
            case ToolCallKindType.CloseAgent:
                Close(tool, end.RequiredString(end.Root, "receiver_thread_id"), raw.WallTimeUnixMs);
                break;
        }
    }

    /// <summary>The tool has ended; its result belongs to its edge.</summary>
    public void AddResult(RecordedToolCall tool)
    {
        if (tool.RawResultPayloadId is { } result)
        {
            edges.AddPayload(tool.ToolCallId, result);
        }
    }

    /// <summary>A child's result was handed to its parent.</summary>
    public void ObserveResult(RawEvent raw, AgentResultObservedEvent e)
    {
        var child = places.Thread(raw, e.ChildThreadId, $"the result {e.EdgeId}");
        var edge = new PendingEdge
        {
            EdgeId = e.EdgeId,
            Kind = InteractionEdgeKind.AgentResult,
            Source = edges.ResultSource(e.ChildThreadId, e.ChildCodexTurnId),
            Delivery = new DeliveryKey(e.ParentThreadId, state.AddressOf(e.ChildThreadId) ?? child.AgentPath, e.Message),
            StartedAtUnixMs = raw.WallTimeUnixMs,
            EndedAtUnixMs = raw.WallTimeUnixMs,
            PayloadIds = e.CarriedPayload is null ? IdList.Empty : IdList.Empty.Append(e.CarriedPayload.RawPayloadId),
        };
        if (e.ToolCallId is null)
        {
            edges.Observe(edge);
        }
        else
        {
            edges.ReturnedBy(edge, e.ToolCallId);
        }
    }

    /// <summary>A thread that was there already was called from another process. A breadcrumb of that name that says anything else is the program's own.</summary>
    public void ObserveCall(RawEvent raw, ProtocolEventObservedEvent e)
    {
        using var payload = payloads.OpenOrNote(e.EventPayload);
        if (payload is not null && PayloadDocument.TextOrNull(payload.Content.Root, "tool_call_id") is { } toolCallId && PayloadDocument.TextOrNull(payload.Content.Root, "thread_id") is { } threadId)
        {
            edges.CalledBy(raw, toolCallId, threadId);
        }
    }

    // The newer form: one payload at the end, and the message only in what the tool was asked for.
    private void Activity(RawEvent raw, RecordedToolCall tool, PayloadDocument end)
    {
        var target = end.RequiredString(end.Root, "agent_thread_id");
        var activity = end.RequiredString(end.Root, "kind");
        switch (activity, tool.Kind.Type)
        {
            case ("started", ToolCallKindType.SpawnAgent):
                Message(
                    tool,
                    InteractionEdgeKind.SpawnAgent,
                    ObjectIds.SpawnEdge(tool.ThreadId, target),
                    tool.ThreadId,
                    target,
                    MessageArgument(tool),
                    raw.WallTimeUnixMs);
                break;
            case ("interacted", ToolCallKindType.SendMessage or ToolCallKindType.AssignAgentTask):
                Message(tool, MessageKind(tool), ObjectIds.ToolEdge(tool.ToolCallId), tool.ThreadId, target, MessageArgument(tool), raw.WallTimeUnixMs);
                break;
            case ("interrupted", ToolCallKindType.CloseAgent):
                Close(tool, target, raw.WallTimeUnixMs);
                break;
            default:
                throw ReductionFault.Contradiction(
                    $"{end.Name} says that an agent was '{activity}', which does not fit tool call {tool.ToolCallId} of kind {tool.Kind.Type}");
        }
    }

    private void Message(
        RecordedToolCall tool,
        InteractionEdgeKind kind,
        string edgeId,
        string senderThreadId,
        string targetThreadId,
        string message,
        long? endedAt) => edges.Observe(new PendingEdge
        {
            EdgeId = edgeId,
            Kind = kind,
            Source = new ToolCallAnchor { ToolCallId = tool.ToolCallId },
            Delivery = new DeliveryKey(targetThreadId, PathOf(senderThreadId), message),
            StartedAtUnixMs = tool.Execution.StartedAtUnixMs,
            EndedAtUnixMs = endedAt,
            PayloadIds = PayloadsOf(tool),
        });

    private void Close(RecordedToolCall tool, string targetThreadId, long? endedAt)
    {
        if (!state.Threads.Contains(targetThreadId))
        {
            return;
        }

        edges.Set(new InteractionEdge
        {
            EdgeId = ObjectIds.ToolEdge(tool.ToolCallId),
            Kind = InteractionEdgeKind.CloseAgent,
            Source = new ToolCallAnchor { ToolCallId = tool.ToolCallId },
            Target = new ThreadAnchor { ThreadId = targetThreadId },
            StartedAtUnixMs = tool.Execution.StartedAtUnixMs,
            EndedAtUnixMs = endedAt,
            CarriedRawPayloadIds = PayloadsOf(tool),
        });
    }

    private string MessageArgument(RecordedToolCall tool)
    {
        if (tool.RawInvocationPayloadId is not { } payloadId)
        {
            throw ReductionFault.Contradiction($"tool call {tool.ToolCallId} acts on an agent, but has no invocation payload with the message");
        }

        using var payload = payloads.Open(state.RawPayloads[payloadId]);
        var invocation = payload.Content;
        using var arguments = invocation.ParseText(PayloadDocument.Member(invocation.Root, "payload"), "arguments");
        return arguments.RequiredString(arguments.Root, "message");
    }

    // What a payload lacks that nobody uses loses nothing.
    private void Heed(PayloadDocument payload, string? complaint)
    {
        if (complaint is not null)
        {
            tolerance.Accept(new Defect
            {
                Severity = DiagnosticSeverity.Information,
                Code = DiagnosticCodes.ItemUnsound,
                What = $"{payload.Name} has {complaint}",
                Kept = "what it has is used",
                Cause = $"agent payloads: {complaint}",
            });
        }
    }

    private string PathOf(string threadId) => state.AddressOf(threadId)
        ?? throw ReductionFault.Contradiction($"an edge between agents names the unknown thread {threadId}");

    private static InteractionEdgeKind MessageKind(RecordedToolCall tool) => tool.Kind.Type == ToolCallKindType.AssignAgentTask
        ? InteractionEdgeKind.AssignAgentTask
        : InteractionEdgeKind.SendMessage;

    private static IdList PayloadsOf(RecordedToolCall tool)
    {
        var ids = tool.RawInvocationPayloadId is { } invocation ? IdList.Empty.Append(invocation) : IdList.Empty;
        ids = ids.Union(tool.RawRuntimePayloadIds);
        return tool.RawResultPayloadId is { } result ? ids.Union([result]) : ids;
    }
}

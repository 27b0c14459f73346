using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Wire;

namespace RolloutTrace.Joining.Parts;

/// <summary>Takes the events of a part, in its order, and keeps of them what joining has to know.</summary>
/// <param name="part">The part.</param>
/// <param name="spool">Where lines go.</param>
/// <param name="read">Reads a payload of the part's bundle; null where it cannot be read.</param>
internal sealed class PartBuilder(Part part, Spool spool, Func<PayloadReference, byte[]?> read)
{
    private readonly HashSet<(IdKind, string)> ids = [];
    private readonly Dictionary<string, PartTurn> turns = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PartTurn> turnOfRequest = new(StringComparer.Ordinal);

    public Part Part => part;

    /// <summary>Takes an event.</summary>
    /// <param name="line">The event's object, as the part has it.</param>
    /// <param name="e">The same, read.</param>
    /// <param name="metadata">Of a thread's start: its metadata, where it is not read from the bundle.</param>
    public void Add(ReadOnlySpan<byte> line, RawEvent e, byte[]? metadata = null)
    {
        var index = part.Events.Count;
        part.Events.Add(new PartEvent(spool.Add(line), e.WallTimeUnixMs, Math.Max(e.WallTimeUnixMs, index == 0 ? long.MinValue : part.Events[^1].Time), KindOf(e.Payload)));
        foreach (var reference in e.Payload.PayloadReferences)
        {
            if (part.Payloads.TryAdd(reference.RawPayloadId, new PartPayload(reference.Path.Replace('\\', '/'), default)))
            {
                part.PayloadOrder.Add(reference.RawPayloadId);
            }
        }

        Claim(IdKind.Turn, e.CodexTurnId);
        Note(e, index);
        NoteSpan(e);
        if (e.CodexTurnId is { } turnId && turns.TryGetValue(turnId, out var turn) && e.Payload is not CodexTurnStartedEvent && !turn.HasEnded)
        {
            turn.Last = index;
            turn.HasEnded = e.Payload is CodexTurnEndedEvent;
        }

        if (e.Payload is ThreadStartedEvent started)
        {
            NoteThread(started, index, metadata);
        }
    }

    /// <summary>Takes an event that is told by a payload of its own which is not in a file.</summary>
    /// <param name="line">The event's object, in which the payload has the id.</param>
    /// <param name="e">The same, read.</param>
    /// <param name="rawPayloadId">The id.</param>
    /// <param name="payload">The payload.</param>
    public void AddWithPayload(ReadOnlySpan<byte> line, RawEvent e, string rawPayloadId, ReadOnlySpan<byte> payload)
    {
        Keep(rawPayloadId, payload);
        Add(line, e);
    }

    private static PartEventKind KindOf(RawEventPayload payload) => payload switch
    {
        RolloutStartedEvent => PartEventKind.RolloutStarted,
        RolloutEndedEvent => PartEventKind.RolloutEnded,
        ThreadStartedEvent => PartEventKind.ThreadStarted,
        ThreadEndedEvent => PartEventKind.ThreadEnded,
        _ => PartEventKind.Other,
    };

    private void Keep(string rawPayloadId, ReadOnlySpan<byte> payload)
    {
        if (!part.Payloads.ContainsKey(rawPayloadId))
        {
            part.PayloadOrder.Add(rawPayloadId);
        }

        part.Payloads[rawPayloadId] = new PartPayload(null, spool.Add(payload));
    }

    private void Note(RawEvent e, int index)
    {
        switch (e.Payload)
        {
            case RolloutEndedEvent:
                part.HasEnded = true;
                break;
            case CodexTurnStartedEvent turn:
                Starts(IdKind.Turn, turn.CodexTurnId);
                NoteTurn(turn, index);
                break;
            case CodexTurnEndedEvent turn:
                Claim(IdKind.Turn, turn.CodexTurnId);
                if (turns.TryGetValue(turn.CodexTurnId, out var ended) && !ended.HasEnded)
                {
                    (ended.Last, ended.HasEnded) = (index, true);
                }

                break;
            case AgentResultObservedEvent result:
                Claim(IdKind.Turn, result.ChildCodexTurnId);
                Claim(IdKind.Tool, result.ToolCallId);
                break;
            case ToolCallStartedEvent tool:
                Starts(IdKind.Tool, tool.ToolCallId);
                part.Tools.TryAdd(tool.ToolCallId, new PartTool { ThreadId = e.ThreadId ?? ThreadOfTurn(e.CodexTurnId), Start = index });
                break;
            case ToolCallEndedEvent tool:
                Claim(IdKind.Tool, tool.ToolCallId);
                if (part.Tools.TryGetValue(tool.ToolCallId, out var called))
                {
                    (called.End, called.Result) = (index, tool.ResultPayload?.RawPayloadId ?? called.Result);
                }

                break;
            case ToolCallRuntimeStartedEvent tool:
                Claim(IdKind.Tool, tool.ToolCallId);
                break;
            case ToolCallRuntimeEndedEvent tool:
                Claim(IdKind.Tool, tool.ToolCallId);
                break;
            case McpToolCallCorrelationAssignedEvent tool:
                Claim(IdKind.Tool, tool.ToolCallId);
                NoteSpan(tool.McpCallId, e.ThreadId, tool.ToolCallId);
                break;
            case ProtocolEventObservedEvent { EventType: Breadcrumbs.Outgoing } outgoing:
                NoteOutgoing(outgoing, e.ThreadId);
                break;
            default:
                NoteRequest(e);
                break;
        }
    }

    private void NoteRequest(RawEvent e)
    {
        switch (e.Payload)
        {
            case InferenceStartedEvent request:
                Claim(IdKind.Turn, request.CodexTurnId);
                Starts(IdKind.Inference, request.InferenceCallId);
                if (turns.TryGetValue(request.CodexTurnId, out var turn))
                {
                    turnOfRequest[request.InferenceCallId] = turn;
                }

                break;
            case InferenceCompletedEvent request:
                Claim(IdKind.Inference, request.InferenceCallId);
                if (turnOfRequest.TryGetValue(request.InferenceCallId, out var answered))
                {
                    answered.Responses.Add(request.ResponsePayload.RawPayloadId);
                }

                break;
            case InferenceFailedEvent request:
                Claim(IdKind.Inference, request.InferenceCallId);
                break;
            case InferenceCancelledEvent request:
                Claim(IdKind.Inference, request.InferenceCallId);
                break;
            case CompactionRequestStartedEvent request:
                Claim(IdKind.Turn, request.CodexTurnId);
                Starts(IdKind.Compaction, request.CompactionId);
                Starts(IdKind.CompactionRequest, request.CompactionRequestId);
                break;
            case CompactionRequestCompletedEvent request:
                Claim(IdKind.Compaction, request.CompactionId);
                Claim(IdKind.CompactionRequest, request.CompactionRequestId);
                break;
            case CompactionRequestFailedEvent request:
                Claim(IdKind.Compaction, request.CompactionId);
                Claim(IdKind.CompactionRequest, request.CompactionRequestId);
                break;
            case CompactionInstalledEvent installed:
                Starts(IdKind.Compaction, installed.CompactionId);
                break;
        }
    }

    private void NoteTurn(CodexTurnStartedEvent e, int index)
    {
        var turn = new PartTurn { TurnId = e.CodexTurnId, ThreadId = e.ThreadId, Start = index, Last = index, Caller = e.Caller };
        if (turns.TryAdd(e.CodexTurnId, turn) && e.ThreadId == part.Manifest.RootThreadId)
        {
            part.Turns.Add(turn);
        }
    }

    private string? ThreadOfTurn(string? turnId) => turnId is not null && turns.TryGetValue(turnId, out var turn) ? turn.ThreadId : null;

    private void NoteThread(ThreadStartedEvent e, int index, byte[]? metadata)
    {
        metadata ??= e.MetadataPayload is { } reference ? read(reference) : null;
        var document = metadata is null ? default : Documents.TryParse(metadata);
        var spawn = JsonText.Member(JsonText.Member(JsonText.Member(document, "session_source"), "subagent"), "thread_spawn");
        if (metadata is not null && e.MetadataPayload is { } named)
        {
            Keep(named.RawPayloadId, metadata);
        }

        part.Threads.TryAdd(e.ThreadId, new PartThread
        {
            Path = JsonText.MemberOrNull(spawn, "agent_path") ?? JsonText.MemberOrNull(document, "agent_path") ?? e.AgentPath,
            Nickname = JsonText.MemberOrNull(document, "nickname"),
            TaskName = JsonText.MemberOrNull(document, "task_name"),
            Role = JsonText.MemberOrNull(document, "agent_role"),
            Start = index,
        });
        if (JsonText.MemberOrNull(spawn, "tool_call_id") is { } toolCallId)
        {
            Claim(IdKind.Tool, toolCallId);
        }
    }

    private void NoteOutgoing(ProtocolEventObservedEvent e, string? threadId)
    {
        if (read(e.EventPayload) is { } payload && Documents.TryParse(payload) is { ValueKind: JsonValueKind.Object } document
            && JsonText.MemberOrNull(document, "tool_call_id") is { } toolCallId && CallerReferenceConverter.SpanOf(JsonText.Member(document, "otel")) is { } span)
        {
            NoteSpan($"{span.TraceId}-{span.SpanId}", threadId, toolCallId);
        }
    }

    // A tool's own span, its runtime's, and others of a thread. Of a span that has several events, the tool is what counts.
    private void NoteSpan(RawEvent e)
    {
        if (e.Otel is not { } span)
        {
            return;
        }

        var toolCallId = e.Payload switch
        {
            ToolCallStartedEvent tool => tool.ToolCallId,
            ToolCallRuntimeStartedEvent tool => tool.ToolCallId,
            _ => null,
        };
        NoteSpan($"{span.TraceId}-{span.SpanId}", e.ThreadId, toolCallId);
    }

    private void NoteSpan(string span, string? threadId, string? toolCallId)
    {
        if (threadId is not null && (!part.Spans.TryGetValue(span, out var known) || (known.ToolCallId is null && toolCallId is not null)))
        {
            part.Spans[span] = new PartSpan(threadId, toolCallId);
        }
    }

    private void Starts(IdKind kind, string id)
    {
        Claim(kind, id);
        part.Started.Add((kind, id));
    }

    private void Claim(IdKind kind, string? id)
    {
        if (id is not null && ids.Add((kind, id)))
        {
            part.Ids.Add((kind, id));
        }
    }
}

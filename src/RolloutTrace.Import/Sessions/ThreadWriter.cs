using RolloutTrace.Bundle;
using RolloutTrace.Import.Writing;
using RolloutTrace.Payloads;

namespace RolloutTrace.Import.Sessions;

/// <summary>Writes one thread of a session: turns, requests made of answers, calls, compactions.</summary>
internal sealed class ThreadWriter(RolloutWriter rollout, IRolloutRecording bundle, AgentStart start, string agentPath)
{
    /// <summary>The member that says of a document that it was made from what a log has of other things.</summary>
    public const string Reconstructed = "reconstructed";

    /// <summary>The member that says of a request that the conversation went back to an earlier point before it.</summary>
    public const string Rewound = "rewound";

    private const string Unknown = "unknown";

    private readonly ShownHistory shown = new();
    private readonly Dictionary<string, string> toolIds = new(StringComparer.Ordinal);
    private readonly HashSet<string> openTools = new(StringComparer.Ordinal);
    private readonly HashSet<string> openCells = new(StringComparer.Ordinal);
    private readonly HashSet<string> callIds = new(StringComparer.Ordinal);
    private int requests;
    private int compactions;
    private string? lastTurnId;

    public string ThreadId => start.ThreadId;

    public string AgentPath => agentPath;

    /// <summary>The instructions that its requests gave, as a JSON string; null if nobody says.</summary>
    public ReadOnlyMemory<byte>? Instructions { get; set; }

    public void StartTurn(string turnId, long time)
    {
        lastTurnId = turnId;
        bundle.Record(Context(turnId, time), new CodexTurnStartedEvent { CodexTurnId = turnId, ThreadId = ThreadId });
    }

    public void EndTurn(string turnId, ExecutionStatus status, long time) =>
        bundle.Record(Context(turnId, time), new CodexTurnEndedEvent { CodexTurnId = turnId, Status = status });

    public void End(RolloutStatus status, long time) =>
        bundle.Record(Context(turnId: null, time), new ThreadEndedEvent { ThreadId = ThreadId, Status = status });

    /// <summary>Writes the start of a request.</summary>
    /// <param name="seen">The history that the model saw.</param>
    /// <param name="answer">What it answered.</param>
    /// <returns>The request's id.</returns>
    public string StartRequest(History seen, ModelAnswer answer)
    {
        seen.Show();
        answer.Items.ForEach(static item => item.IsShown = true);
        var id = rollout.Take(given: null, ThreadId, "request", $"{++requests}");
        bundle.Record(Context(answer.TurnId, answer.StartTime), PayloadKind.InferenceRequest, RequestOf(seen, answer), (this, answer, id), static (s, reference) =>
            new InferenceStartedEvent
            {
                InferenceCallId = s.id,
                ThreadId = s.Item1.ThreadId,
                CodexTurnId = s.answer.TurnId,
                Model = s.answer.Model ?? Unknown,
                ProviderName = s.Item1.Provider,
                RequestPayload = reference,
            });
        return id;
    }

    /// <summary>Writes what became of the request that was started last. Where it was aborted, its turn has ended before.</summary>
    /// <param name="id">The request's id.</param>
    /// <param name="seen">The history that the model saw.</param>
    /// <param name="answer">What it answered.</param>
    public void EndRequest(string id, History seen, ModelAnswer answer)
    {
        var responseId = answer.Status != ExecutionStatus.Completed ? null : answer.ResponseId ?? DerivedId.Of(rollout.RolloutId, ThreadId, "response", $"{requests}");
        EndRequest(id, responseId, answer);
        shown.Add(seen, responseId, answer.Items);
    }

    /// <summary>Writes the start of a call. It is the code of a cell where the model wrote code.</summary>
    public void Start(ToolUse use, string turnId)
    {
        var context = Context(turnId, use.Time);
        if (use.IsCodeCell)
        {
            if (openCells.Add(use.CallId))
            {
                bundle.Record(context, new CodeCellStartedEvent { RuntimeCellId = use.CallId, ModelVisibleCallId = use.CallId, SourceJs = use.Input.Text ?? "" });
            }

            return;
        }

        var id = rollout.Take(use.CallId, ThreadId, "tool", use.CallId);
        var visible = callIds.Add(use.CallId) ? use.CallId : null;
        var invocation = use.Invocation(out var fits);
        toolIds[use.CallId] = id;
        openTools.Add(use.CallId);
        RawEventPayload Started(PayloadReference? reference) => new ToolCallStartedEvent
        {
            ToolCallId = id,
            ModelVisibleCallId = visible,
            Requester = ToolRequester.Model,
            Kind = use.Kind,
            Summary = use.Summary,
            InvocationPayload = reference,
        };
        if (!invocation.IsEmpty && fits)
        {
            bundle.Record(context, PayloadKind.ToolInvocation, invocation, state: 0, (_, reference) => Started(reference));
            return;
        }

        // Readers refuse a whole rollout over arguments of some tools that have another shape.
        bundle.Record(context, Started(reference: null));
        if (!invocation.IsEmpty)
        {
            bundle.Record(context, PayloadKind.ProtocolEvent, invocation, state: 0, static (_, reference) =>
                new ProtocolEventObservedEvent { EventType = Breadcrumbs.ToolInvocation, EventPayload = reference });
        }
    }

    /// <summary>The id of the latest tool call that the model's call is; null if none has started.</summary>
    public string? ToolOf(string callId) => toolIds.GetValueOrDefault(callId);

    /// <summary>Writes the end of a call, if it has started and not ended.</summary>
    /// <param name="callId">The model's id of it.</param>
    /// <param name="turnId">The turn in which it ended.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="output">The item that the model got; empty if it got none.</param>
    /// <param name="time">When it ended.</param>
    public void EndCall(string callId, string? turnId, ExecutionStatus status, ReadOnlyMemory<byte> output, long time)
    {
        if (openCells.Remove(callId))
        {
            EndCell(callId, turnId, status, output, time);
        }
        else if (openTools.Remove(callId))
        {
            var id = toolIds[callId];
            var result = ToolResultPayload.Of(output, error: null, toCode: false);
            RawEventPayload Ended(PayloadReference? reference) => new ToolCallEndedEvent { ToolCallId = id, Status = status, ResultPayload = reference };
            if (output.IsEmpty)
            {
                bundle.Record(Context(turnId, time), Ended(reference: null));
            }
            else
            {
                bundle.Record(Context(turnId, time), PayloadKind.ToolResult, result, state: 0, (_, reference) => Ended(reference));
            }
        }
    }

    /// <summary>Ends what has no end as aborted.</summary>
    public void AbortOpenCalls(string? turnId, long time)
    {
        foreach (var callId in openTools.Concat(openCells).Order(StringComparer.Ordinal).ToList())
        {
            EndCall(callId, turnId, ExecutionStatus.Aborted, output: default, time);
        }
    }

    /// <summary>Writes a compaction.</summary>
    /// <param name="compaction">What is known of it.</param>
    /// <param name="before">The history until then.</param>
    public void Compact(CompactionRecord compaction, History before)
    {
        before.Show();
        var context = Context(compaction.TurnId ?? lastTurnId, compaction.Time);
        var id = rollout.Take(given: null, ThreadId, "compaction", $"{++compactions}");
        if (compaction.Tokens is { } tokens)
        {
            RecordCompactionRequest(context, id, compaction, tokens);
        }

        bundle.Record(context, PayloadKind.CompactionCheckpoint, compaction.Checkpoint(before.Behind(0)), id, static (id, reference) =>
            new CompactionInstalledEvent { CompactionId = id, CheckpointPayload = reference });
        shown.Compacted();
    }

    /// <summary>Writes what has no place in the format.</summary>
    public void Leave(string type, ReadOnlyMemory<byte> payload, string? turnId, long time) =>
        bundle.Record(Context(turnId, time), PayloadKind.ProtocolEvent, payload, type, static (type, reference) =>
            new ProtocolEventObservedEvent { EventType = Arguments.EventText.Name(type), EventPayload = reference });

    /// <summary>Writes an item that no model has seen: it was said, and nobody answered.</summary>
    public void Leave(string type, HistoryItem item, string? turnId, long time)
    {
        item.IsShown = true;
        Leave(type, item.Json, turnId, time);
    }

    /// <summary>Whether another thread has spawned it.</summary>
    public bool IsBelow(ThreadWriter other) => start.Parent == other;

    /// <summary>Writes that the thread's last answer became the output of the call that brought it about.</summary>
    public void Deliver(ThreadWriter parent, string toolCallId, string message, ExecutionStatus status, long time)
    {
        if (lastTurnId is { } turnId)
        {
            Deliver(parent, toolCallId, turnId, message, status, time);
        }
    }

    /// <summary>Writes that the answer of a turn became the output of a call.</summary>
    /// <param name="parent">The thread that called.</param>
    /// <param name="toolCallId">The call.</param>
    /// <param name="turnId">The turn that answered.</param>
    /// <param name="message">The answer.</param>
    /// <param name="status">How the turn ended.</param>
    /// <param name="time">When the caller had it.</param>
    /// <param name="target">Where that is written; null for where the thread is.</param>
    public void Deliver(ThreadWriter parent, string toolCallId, string turnId, string message, ExecutionStatus status, long time, IRolloutRecording? target = null)
    {
        var payload = JsonPayload.From(
            new AgentResultPayload { ChildAgentPath = AgentPath, Message = message, Status = AgentEndStatus.Of(status, message) },
            PayloadJsonContext.Default.AgentResultPayload);
        (target ?? bundle).Record(parent.Context(parent.lastTurnId, time), PayloadKind.AgentResult, payload, (Child: this, parent, toolCallId, turnId, message), static (s, reference) =>
            new AgentResultObservedEvent
            {
                EdgeId = ObjectIds.AgentResultEdge(s.Child.ThreadId, s.turnId, s.parent.ThreadId),
                ChildThreadId = s.Child.ThreadId,
                ChildCodexTurnId = s.turnId,
                ParentThreadId = s.parent.ThreadId,
                Message = Arguments.EventText.Of(s.message),
                CarriedPayload = reference,
                ToolCallId = s.toolCallId,
            });
    }

    private string Provider => start.Provider ?? Unknown;

    private RolloutEventContext Context(string? turnId, long time) => new(ThreadId, turnId, Span: null) { WallTimeUnixMs = time };

    private JsonPayload RequestOf(History seen, ModelAnswer answer) => JsonBuilder.Make(json =>
    {
        json.WriteStartObject();
        if (answer.Model is not null)
        {
            json.WriteString("model", answer.Model);
        }

        if (Instructions is { } instructions)
        {
            json.WriteRaw("instructions", instructions);
        }

        var continues = shown.Continues(seen);
        if (continues is { } before)
        {
            json.WriteString("previous_response_id", before.ResponseId);
        }

        json.WriteItems("input", seen.Behind(continues?.Count ?? 0));
        foreach (var (name, value) in answer.Parameters)
        {
            json.WriteRaw(name, value);
        }

        json.WriteBoolean(Reconstructed, value: true);
        if (shown.IsRewound(seen))
        {
            json.WriteBoolean(Rewound, value: true);
        }

        json.WriteEndObject();
    });

    private static JsonPayload ResponseOf(ModelAnswer answer, string? responseId) => JsonBuilder.Make(json =>
    {
        json.WriteStartObject();
        json.WriteString("response_id", responseId);
        json.WriteString("upstream_request_id", answer.UpstreamRequestId);
        if (answer.Usage is { } usage)
        {
            json.WriteUsage(usage);
        }
        else
        {
            json.WriteNull("token_usage");
        }

        json.WriteItems("output_items", answer.Items);
        if (answer.StopReason is not null)
        {
            json.WriteString("stop_reason", answer.StopReason);
        }

        json.WriteBoolean(Reconstructed, value: true);
        json.WriteEndObject();
    });

    private void EndRequest(string id, string? responseId, ModelAnswer answer)
    {
        var context = Context(answer.TurnId, answer.EndTime);
        RawEventPayload Ended(PayloadReference? reference) => answer.Status switch
        {
            ExecutionStatus.Completed => new InferenceCompletedEvent
            {
                InferenceCallId = id, ResponseId = responseId, UpstreamRequestId = answer.UpstreamRequestId, ResponsePayload = reference!,
            },
            ExecutionStatus.Failed => new InferenceFailedEvent
            {
                InferenceCallId = id, UpstreamRequestId = answer.UpstreamRequestId, Error = Arguments.EventText.Why(answer.Error), PartialResponsePayload = reference,
            },
            _ => new InferenceCancelledEvent
            {
                InferenceCallId = id, UpstreamRequestId = answer.UpstreamRequestId, Reason = "aborted", PartialResponsePayload = reference,
            },
        };
        if (answer.Status != ExecutionStatus.Completed && answer.Items.Count == 0 && answer.Usage is null)
        {
            bundle.Record(context, Ended(reference: null));
        }
        else
        {
            bundle.Record(context, PayloadKind.InferenceResponse, ResponseOf(answer, responseId), state: 0, (_, reference) => Ended(reference));
        }
    }

    private void EndCell(string callId, string? turnId, ExecutionStatus status, ReadOnlyMemory<byte> output, long time)
    {
        var end = status switch
        {
            ExecutionStatus.Completed => CodeCellRuntimeStatus.Completed,
            ExecutionStatus.Failed => CodeCellRuntimeStatus.Failed,
            _ => CodeCellRuntimeStatus.Terminated,
        };
        var response = JsonBuilder.Make(json =>
        {
            json.WriteStartObject();
            json.WriteRaw("response", output.IsEmpty ? "null"u8.ToArray() : output);
            json.WriteEndObject();
        });
        bundle.Record(Context(turnId, time), PayloadKind.ToolResult, response, (callId, end), static (s, reference) =>
            new CodeCellEndedEvent { RuntimeCellId = s.callId, Status = s.end, ResponsePayload = reference });
    }

    private void RecordCompactionRequest(RolloutEventContext context, string id, CompactionRecord compaction, TokenUsage tokens)
    {
        var requestId = rollout.Take(given: null, ThreadId, "compaction request", $"{compactions}");
        var model = compaction.Model ?? Unknown;
        var request = JsonBuilder.Make(json =>
        {
            json.WriteStartObject();
            json.WriteString("model", model);
            json.WriteBoolean(Reconstructed, value: true);
            json.WriteEndObject();
        });
        bundle.Record(context, PayloadKind.CompactionRequest, request, (Thread: this, context.TurnId, id, requestId, model), static (s, reference) =>
            new CompactionRequestStartedEvent
            {
                CompactionId = s.id,
                CompactionRequestId = s.requestId,
                ThreadId = s.Thread.ThreadId,
                CodexTurnId = s.TurnId!,
                Model = s.model,
                ProviderName = s.Thread.Provider,
                RequestPayload = reference,
            });
        var response = JsonBuilder.Make(json =>
        {
            json.WriteStartObject();
            json.WriteUsage(tokens);
            json.WriteItems("output_items", []);
            json.WriteBoolean(Reconstructed, value: true);
            json.WriteEndObject();
        });
        bundle.Record(context, PayloadKind.CompactionResponse, response, (id, requestId), static (s, reference) =>
            new CompactionRequestCompletedEvent { CompactionId = s.id, CompactionRequestId = s.requestId, ResponsePayload = reference });
    }
}

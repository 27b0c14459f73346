using System.Diagnostics.CodeAnalysis;

namespace RolloutTrace.Bundle;

/// <summary>
/// Reads a line of the log that has exactly the form in which writers of the format write it (every member, in the order of
/// the format's tables, no white space), in a tenth of the time that the generated contract takes for a polymorphic, nested
/// value. Any other line, sound or not, it does not know: <see cref="BundleJsonContext"/> then reads or refuses it. So what
/// is read, and how a fault is described, is what the contract says. Not safe for concurrent use.
/// </summary>
internal sealed class RawEventParser
{
    private readonly char[] name = new char[CanonicalJson.MaxNameLength];

    // The envelopes of a log repeat these; one string each will do.
    private string? rolloutId;
    private string? threadId;
    private string? codexTurnId;

    /// <summary>The event on a line; false for a line of another form.</summary>
    public bool TryParse(ReadOnlySpan<byte> line, [NotNullWhen(true)] out RawEvent? rawEvent)
    {
        var json = new CanonicalJson(line);
        json.Literal("""{"schema_version":1,"seq":"""u8);
        var seq = json.Integer();
        json.Literal(",\"wall_time_unix_ms\":"u8);
        var wallTime = json.Integer();
        json.Literal(",\"rollout_id\":"u8);
        rolloutId = json.Text(rolloutId);
        json.Literal(",\"thread_id\":"u8);
        threadId = json.OptionalText(threadId);
        json.Literal(",\"codex_turn_id\":"u8);
        codexTurnId = json.OptionalText(codexTurnId);
        json.Literal(",\"payload\":{\"type\":"u8);
        var observation = Observation(ref json);
        json.Literal("}"u8);
        var otel = json.TryLiteral(",\"otel\":{\"trace_id\":"u8) ? Span(ref json) : null;
        json.Literal("}"u8);

        rawEvent = observation is not null && json.IsAtEnd
            ? new RawEvent
            {
                Seq = seq,
                WallTimeUnixMs = wallTime,
                RolloutId = rolloutId,
                ThreadId = threadId,
                CodexTurnId = codexTurnId,
                Payload = observation,
                Otel = otel,
            }
            : null;
        return rawEvent is not null;
    }

    private static EventSpan Span(ref CanonicalJson json)
    {
        var traceId = json.Text();
        json.Literal(",\"span_id\":"u8);
        var span = new EventSpan
        {
            TraceId = traceId,
            SpanId = json.Text(),
            ParentSpanId = json.TryLiteral(",\"parent_span_id\":"u8) ? json.Text() : null,
            Attributes = json.TryLiteral(",\"attributes\":"u8) ? json.ShallowObject(end: "}}"u8) : null,
        };
        json.Literal("}"u8);
        return span;
    }

    // Initializers run in the order in which they stand, which is the order of the members on the line.
    private RawEventPayload? Observation(ref CanonicalJson json)
    {
        return json.Name(name) switch
        {
            "rollout_started" => new RolloutStartedEvent
            {
                TraceId = json.Text("trace_id"u8),
                RootThreadId = json.Text("root_thread_id"u8),
            },
            "rollout_ended" => new RolloutEndedEvent { Status = json.Enum<RolloutStatus>("status"u8) },
            "thread_started" => new ThreadStartedEvent
            {
                ThreadId = json.Text("thread_id"u8),
                AgentPath = json.Text("agent_path"u8),
                MetadataPayload = json.OptionalReference("metadata_payload"u8),
            },
            "thread_ended" => new ThreadEndedEvent
            {
                ThreadId = json.Text("thread_id"u8),
                Status = json.Enum<RolloutStatus>("status"u8),
            },
            "codex_turn_started" => new CodexTurnStartedEvent
            {
                CodexTurnId = json.Text("codex_turn_id"u8),
                ThreadId = json.Text("thread_id"u8),
            },
            "codex_turn_ended" => new CodexTurnEndedEvent
            {
                CodexTurnId = json.Text("codex_turn_id"u8),
                Status = json.Enum<ExecutionStatus>("status"u8),
            },
            "inference_started" => new InferenceStartedEvent
            {
                InferenceCallId = json.Text("inference_call_id"u8),
                ThreadId = json.Text("thread_id"u8),
                CodexTurnId = json.Text("codex_turn_id"u8),
                Model = json.Text("model"u8),
                ProviderName = json.Text("provider_name"u8),
                RequestPayload = json.Reference("request_payload"u8),
            },
            "inference_completed" => new InferenceCompletedEvent
            {
                InferenceCallId = json.Text("inference_call_id"u8),
                ResponseId = json.OptionalText("response_id"u8),
                UpstreamRequestId = json.OptionalText("upstream_request_id"u8),
                ResponsePayload = json.Reference("response_payload"u8),
            },
            "inference_failed" => new InferenceFailedEvent
            {
                InferenceCallId = json.Text("inference_call_id"u8),
                UpstreamRequestId = json.OptionalText("upstream_request_id"u8),
                Error = json.Text("error"u8),
                PartialResponsePayload = json.OptionalReference("partial_response_payload"u8),
            },
            "inference_cancelled" => new InferenceCancelledEvent
            {
                InferenceCallId = json.Text("inference_call_id"u8),
                UpstreamRequestId = json.OptionalText("upstream_request_id"u8),
                Reason = json.Text("reason"u8),
                PartialResponsePayload = json.OptionalReference("partial_response_payload"u8),
            },
            "tool_call_started" => new ToolCallStartedEvent
            {
                ToolCallId = json.Text("tool_call_id"u8),
                ModelVisibleCallId = json.OptionalText("model_visible_call_id"u8),
                CodeModeRuntimeToolId = json.OptionalText("code_mode_runtime_tool_id"u8),
                Requester = Requester(ref json),
                Kind = Kind(ref json),
                Summary = Summary(ref json),
                InvocationPayload = json.OptionalReference("invocation_payload"u8),
            },
            "mcp_tool_call_correlation_assigned" => new McpToolCallCorrelationAssignedEvent
            {
                ToolCallId = json.Text("tool_call_id"u8),
                McpCallId = json.Text("mcp_call_id"u8),
            },
            "tool_call_runtime_started" => new ToolCallRuntimeStartedEvent
            {
                ToolCallId = json.Text("tool_call_id"u8),
                RuntimePayload = json.Reference("runtime_payload"u8),
            },
            "tool_call_runtime_ended" => new ToolCallRuntimeEndedEvent
            {
                ToolCallId = json.Text("tool_call_id"u8),
                Status = json.Enum<ExecutionStatus>("status"u8),
                RuntimePayload = json.Reference("runtime_payload"u8),
            },
            "tool_call_ended" => new ToolCallEndedEvent
            {
                ToolCallId = json.Text("tool_call_id"u8),
                Status = json.Enum<ExecutionStatus>("status"u8),
                ResultPayload = json.OptionalReference("result_payload"u8),
            },
            "code_cell_started" => new CodeCellStartedEvent
            {
                RuntimeCellId = json.Text("runtime_cell_id"u8),
                ModelVisibleCallId = json.Text("model_visible_call_id"u8),
                SourceJs = json.Text("source_js"u8),
            },
            "code_cell_initial_response" => new CodeCellInitialResponseEvent
            {
                RuntimeCellId = json.Text("runtime_cell_id"u8),
                Status = json.Enum<CodeCellRuntimeStatus>("status"u8),
                ResponsePayload = json.OptionalReference("response_payload"u8),
            },
            "code_cell_ended" => new CodeCellEndedEvent
            {
                RuntimeCellId = json.Text("runtime_cell_id"u8),
                Status = json.Enum<CodeCellRuntimeStatus>("status"u8),
                ResponsePayload = json.OptionalReference("response_payload"u8),
            },
            "compaction_request_started" => new CompactionRequestStartedEvent
            {
                CompactionId = json.Text("compaction_id"u8),
                CompactionRequestId = json.Text("compaction_request_id"u8),
                ThreadId = json.Text("thread_id"u8),
                CodexTurnId = json.Text("codex_turn_id"u8),
                Model = json.Text("model"u8),
                ProviderName = json.Text("provider_name"u8),
                RequestPayload = json.Reference("request_payload"u8),
            },
            "compaction_request_completed" => new CompactionRequestCompletedEvent
            {
                CompactionId = json.Text("compaction_id"u8),
                CompactionRequestId = json.Text("compaction_request_id"u8),
                ResponsePayload = json.Reference("response_payload"u8),
            },
            "compaction_request_failed" => new CompactionRequestFailedEvent
            {
                CompactionId = json.Text("compaction_id"u8),
                CompactionRequestId = json.Text("compaction_request_id"u8),
                Error = json.Text("error"u8),
            },
            "compaction_installed" => new CompactionInstalledEvent
            {
                CompactionId = json.Text("compaction_id"u8),
                CheckpointPayload = json.Reference("checkpoint_payload"u8),
            },
            "agent_result_observed" => new AgentResultObservedEvent
            {
                EdgeId = json.Text("edge_id"u8),
                ChildThreadId = json.Text("child_thread_id"u8),
                ChildCodexTurnId = json.Text("child_codex_turn_id"u8),
                ParentThreadId = json.Text("parent_thread_id"u8),
                Message = json.Text("message"u8),
                CarriedPayload = json.OptionalReference("carried_payload"u8),
            },
            "protocol_event_observed" => new ProtocolEventObservedEvent
            {
                EventType = json.Text("event_type"u8),
                EventPayload = json.Reference("event_payload"u8),
            },
            // An event of another kind holds any JSON, and is rare.
            _ => null,
        };
    }

    private ToolRequester Requester(ref CanonicalJson json)
    {
        json.Literal(",\"requester\":{\"type\":"u8);
        var requester = json.Name(name) switch
        {
            "model" => ToolRequester.Model,
            "code_cell" => new CodeCellRequester { RuntimeCellId = json.Text("runtime_cell_id"u8) },
            _ => json.Unknown<ToolRequester>(),
        };
        json.Literal("}"u8);
        return requester;
    }

    private static ToolCallKind Kind(ref CanonicalJson json)
    {
        json.Literal(",\"kind\":{\"type\":"u8);
        var kind = json.Enum<ToolCallKindType>() switch
        {
            ToolCallKindType.Mcp => ToolCallKind.ForMcp(json.Text("server"u8), json.Text("tool"u8)),
            ToolCallKindType.Other => ToolCallKind.ForOther(json.Text("name"u8)),
            var plain => ToolCallKind.Of(plain),
        };
        json.Literal("}"u8);
        return kind;
    }

    private ToolCallSummary Summary(ref CanonicalJson json)
    {
        json.Literal(",\"summary\":{\"type\":"u8);
        var summary = json.Name(name) switch
        {
            "terminal" => (ToolCallSummary)new TerminalSummary { OperationId = json.Text("operation_id"u8) },
            "agent" => new AgentSummary
            {
                TargetAgentPath = json.Text("target_agent_path"u8),
                TaskName = json.OptionalText("task_name"u8),
                MessagePreview = json.Text("message_preview"u8),
            },
            "wait_agent" => new WaitAgentSummary
            {
                TargetAgentPath = json.OptionalText("target_agent_path"u8),
                TimeoutMs = json.OptionalInteger("timeout_ms"u8),
            },
            "generic" => new GenericSummary
            {
                Label = json.Text("label"u8),
                InputPreview = json.OptionalText("input_preview"u8),
                OutputPreview = json.OptionalText("output_preview"u8),
            },
            _ => json.Unknown<ToolCallSummary>(),
        };
        json.Literal("}"u8);
        return summary;
    }
}

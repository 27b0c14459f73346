using System.Text.Json;

namespace RolloutTrace.Bundle;

/// <summary>
/// Writes an event as <see cref="BundleJsonContext"/> would, byte for byte. For a polymorphic, nested value the serializer goes
/// the general way, which takes several times as long and allocates its stack anew for each event; and a recorder writes two
/// events for everything that happens. <see cref="RawEventParser"/> reads what this writes.
/// </summary>
internal static class RawEventJson
{
    /// <summary>Writes the event as one object.</summary>
    public static void Write(Utf8JsonWriter json, RawEvent rawEvent)
    {
        json.WriteStartObject();
        json.WriteNumber("schema_version"u8, rawEvent.SchemaVersion);
        json.WriteNumber("seq"u8, rawEvent.Seq);
        json.WriteNumber("wall_time_unix_ms"u8, rawEvent.WallTimeUnixMs);
        json.WriteString("rollout_id"u8, rawEvent.RolloutId);
        json.WriteString("thread_id"u8, rawEvent.ThreadId);
        json.WriteString("codex_turn_id"u8, rawEvent.CodexTurnId);
        json.WriteStartObject("payload"u8);
        WriteObservation(json, rawEvent.Payload);
        json.WriteEndObject();
        if (rawEvent.Otel is { } span)
        {
            json.WriteStartObject("otel"u8);
            json.WriteString("trace_id"u8, span.TraceId);
            json.WriteString("span_id"u8, span.SpanId);
            WriteBeyondIds(json, span);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteBeyondIds(Utf8JsonWriter json, EventSpan span)
    {
        if (span.ParentSpanId is not null)
        {
            json.WriteString("parent_span_id"u8, span.ParentSpanId);
        }

        if (span.Carried is { } carried)
        {
            json.WriteStartObject("attributes"u8);
            carried.WriteTo(json);
            json.WriteEndObject();
        }
        else if (span.Attributes is { } attributes)
        {
            json.WriteStartObject("attributes"u8);
            foreach (var (name, value) in attributes)
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }

            json.WriteEndObject();
        }
    }

    private static void WriteObservation(Utf8JsonWriter json, RawEventPayload observation)
    {
        switch (observation)
        {
            case RolloutStartedEvent e:
                json.WriteString("type"u8, "rollout_started"u8);
                json.WriteString("trace_id"u8, e.TraceId);
                json.WriteString("root_thread_id"u8, e.RootThreadId);
                break;
            case RolloutEndedEvent e:
                json.WriteString("type"u8, "rollout_ended"u8);
                Write(json, "status"u8, e.Status);
                break;
            case ThreadStartedEvent e:
                json.WriteString("type"u8, "thread_started"u8);
                json.WriteString("thread_id"u8, e.ThreadId);
                json.WriteString("agent_path"u8, e.AgentPath);
                Write(json, "metadata_payload"u8, e.MetadataPayload);
                break;
            case ThreadEndedEvent e:
                json.WriteString("type"u8, "thread_ended"u8);
                json.WriteString("thread_id"u8, e.ThreadId);
                Write(json, "status"u8, e.Status);
                break;
            case CodexTurnStartedEvent e:
                json.WriteString("type"u8, "codex_turn_started"u8);
                json.WriteString("codex_turn_id"u8, e.CodexTurnId);
                json.WriteString("thread_id"u8, e.ThreadId);
                break;
            case CodexTurnEndedEvent e:
                json.WriteString("type"u8, "codex_turn_ended"u8);
                json.WriteString("codex_turn_id"u8, e.CodexTurnId);
                Write(json, "status"u8, e.Status);
                break;
            case InferenceStartedEvent e:
                json.WriteString("type"u8, "inference_started"u8);
                json.WriteString("inference_call_id"u8, e.InferenceCallId);
                json.WriteString("thread_id"u8, e.ThreadId);
                json.WriteString("codex_turn_id"u8, e.CodexTurnId);
                json.WriteString("model"u8, e.Model);
                json.WriteString("provider_name"u8, e.ProviderName);
                Write(json, "request_payload"u8, e.RequestPayload);
                break;
            case InferenceCompletedEvent e:
                json.WriteString("type"u8, "inference_completed"u8);
                json.WriteString("inference_call_id"u8, e.InferenceCallId);
                json.WriteString("response_id"u8, e.ResponseId);
                json.WriteString("upstream_request_id"u8, e.UpstreamRequestId);
                Write(json, "response_payload"u8, e.ResponsePayload);
                break;
            case InferenceFailedEvent e:
                json.WriteString("type"u8, "inference_failed"u8);
                json.WriteString("inference_call_id"u8, e.InferenceCallId);
                json.WriteString("upstream_request_id"u8, e.UpstreamRequestId);
                json.WriteString("error"u8, e.Error);
                Write(json, "partial_response_payload"u8, e.PartialResponsePayload);
                break;
            case InferenceCancelledEvent e:
                json.WriteString("type"u8, "inference_cancelled"u8);
                json.WriteString("inference_call_id"u8, e.InferenceCallId);
                json.WriteString("upstream_request_id"u8, e.UpstreamRequestId);
                json.WriteString("reason"u8, e.Reason);
                Write(json, "partial_response_payload"u8, e.PartialResponsePayload);
                break;
            case ToolCallStartedEvent e:
                json.WriteString("type"u8, "tool_call_started"u8);
                json.WriteString("tool_call_id"u8, e.ToolCallId);
                json.WriteString("model_visible_call_id"u8, e.ModelVisibleCallId);
                json.WriteString("code_mode_runtime_tool_id"u8, e.CodeModeRuntimeToolId);
                json.WritePropertyName("requester"u8);
                JsonSerializer.Serialize(json, e.Requester, BundleJsonContext.Default.ToolRequester);
                json.WritePropertyName("kind"u8);
                JsonSerializer.Serialize(json, e.Kind, BundleJsonContext.Default.ToolCallKind);
                json.WritePropertyName("summary"u8);
                JsonSerializer.Serialize(json, e.Summary, BundleJsonContext.Default.ToolCallSummary);
                Write(json, "invocation_payload"u8, e.InvocationPayload);
                break;
            case McpToolCallCorrelationAssignedEvent e:
                json.WriteString("type"u8, "mcp_tool_call_correlation_assigned"u8);
                json.WriteString("tool_call_id"u8, e.ToolCallId);
                json.WriteString("mcp_call_id"u8, e.McpCallId);
                break;
            case ToolCallRuntimeStartedEvent e:
                json.WriteString("type"u8, "tool_call_runtime_started"u8);
                json.WriteString("tool_call_id"u8, e.ToolCallId);
                Write(json, "runtime_payload"u8, e.RuntimePayload);
                break;
            case ToolCallRuntimeEndedEvent e:
                json.WriteString("type"u8, "tool_call_runtime_ended"u8);
                json.WriteString("tool_call_id"u8, e.ToolCallId);
                Write(json, "status"u8, e.Status);
                Write(json, "runtime_payload"u8, e.RuntimePayload);
                break;
            case ToolCallEndedEvent e:
                json.WriteString("type"u8, "tool_call_ended"u8);
                json.WriteString("tool_call_id"u8, e.ToolCallId);
                Write(json, "status"u8, e.Status);
                Write(json, "result_payload"u8, e.ResultPayload);
                break;
            case CodeCellStartedEvent e:
                json.WriteString("type"u8, "code_cell_started"u8);
                json.WriteString("runtime_cell_id"u8, e.RuntimeCellId);
                json.WriteString("model_visible_call_id"u8, e.ModelVisibleCallId);
                json.WriteString("source_js"u8, e.SourceJs);
                break;
            case CodeCellInitialResponseEvent e:
                json.WriteString("type"u8, "code_cell_initial_response"u8);
                json.WriteString("runtime_cell_id"u8, e.RuntimeCellId);
                Write(json, "status"u8, e.Status);
                Write(json, "response_payload"u8, e.ResponsePayload);
                break;
            case CodeCellEndedEvent e:
                json.WriteString("type"u8, "code_cell_ended"u8);
                json.WriteString("runtime_cell_id"u8, e.RuntimeCellId);
                Write(json, "status"u8, e.Status);
                Write(json, "response_payload"u8, e.ResponsePayload);
                break;
            case CompactionRequestStartedEvent e:
                json.WriteString("type"u8, "compaction_request_started"u8);
                json.WriteString("compaction_id"u8, e.CompactionId);
                json.WriteString("compaction_request_id"u8, e.CompactionRequestId);
                json.WriteString("thread_id"u8, e.ThreadId);
                json.WriteString("codex_turn_id"u8, e.CodexTurnId);
                json.WriteString("model"u8, e.Model);
                json.WriteString("provider_name"u8, e.ProviderName);
                Write(json, "request_payload"u8, e.RequestPayload);
                break;
            case CompactionRequestCompletedEvent e:
                json.WriteString("type"u8, "compaction_request_completed"u8);
                json.WriteString("compaction_id"u8, e.CompactionId);
                json.WriteString("compaction_request_id"u8, e.CompactionRequestId);
                Write(json, "response_payload"u8, e.ResponsePayload);
                break;
            case CompactionRequestFailedEvent e:
                json.WriteString("type"u8, "compaction_request_failed"u8);
                json.WriteString("compaction_id"u8, e.CompactionId);
                json.WriteString("compaction_request_id"u8, e.CompactionRequestId);
                json.WriteString("error"u8, e.Error);
                break;
            case CompactionInstalledEvent e:
                json.WriteString("type"u8, "compaction_installed"u8);
                json.WriteString("compaction_id"u8, e.CompactionId);
                Write(json, "checkpoint_payload"u8, e.CheckpointPayload);
                break;
            case AgentResultObservedEvent e:
                json.WriteString("type"u8, "agent_result_observed"u8);
                json.WriteString("edge_id"u8, e.EdgeId);
                json.WriteString("child_thread_id"u8, e.ChildThreadId);
                json.WriteString("child_codex_turn_id"u8, e.ChildCodexTurnId);
                json.WriteString("parent_thread_id"u8, e.ParentThreadId);
                json.WriteString("message"u8, e.Message);
                Write(json, "carried_payload"u8, e.CarriedPayload);
                break;
            case ProtocolEventObservedEvent e:
                json.WriteString("type"u8, "protocol_event_observed"u8);
                json.WriteString("event_type"u8, e.EventType);
                Write(json, "event_payload"u8, e.EventPayload);
                break;
            case OtherEvent e:
                json.WriteString("type"u8, "other"u8);
                json.WriteString("kind"u8, e.Kind);
                json.WriteString("summary"u8, e.Summary);
                json.WriteStartArray("payloads"u8);
                foreach (var payload in e.Payloads)
                {
                    Write(json, payload);
                }

                json.WriteEndArray();
                json.WritePropertyName("metadata"u8);
                e.Metadata.WriteTo(json);
                break;
            default:
                throw new InvalidOperationException($"{observation.GetType()} has no form in the log");
        }
    }

    private static void Write<T>(Utf8JsonWriter json, ReadOnlySpan<byte> name, T value)
        where T : struct, Enum => json.WriteString(name, WireEnum<T>.Name(value).EncodedUtf8Bytes);

    private static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, PayloadReference? reference)
    {
        json.WritePropertyName(name);
        if (reference is null)
        {
            json.WriteNullValue();
        }
        else
        {
            Write(json, reference);
        }
    }

    private static void Write(Utf8JsonWriter json, PayloadReference reference)
    {
        json.WriteStartObject();
        json.WriteString("raw_payload_id"u8, reference.RawPayloadId);
        json.WriteStartObject("kind"u8);
        Write(json, "type"u8, reference.Kind);
        json.WriteEndObject();
        json.WriteString("path"u8, reference.Path);
        json.WriteEndObject();
    }
}

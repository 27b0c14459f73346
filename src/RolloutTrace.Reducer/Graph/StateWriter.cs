using System.Text.Encodings.Web;
using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>
/// Writes a state as JSON. By hand and not through <see cref="RolloutJsonContext"/>, which reads it, because half of
/// what a short reduction costs would be the serializer getting ready; a test holds the two against each other.
/// </summary>
internal sealed class StateWriter
{
    /// <summary>Escapes text as little as JSON allows, since states are files and not parts of web pages.</summary>
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    // How much is gathered before it goes to the stream.
    private const int FlushBytes = 1 << 18;

    private readonly Utf8JsonWriter json;
    private readonly IdListWriter idLists = new(Encoder);
    private readonly StatePartWriter parts;

    private StateWriter(Utf8JsonWriter json, Stream destination)
    {
        this.json = json;
        parts = new StatePartWriter(json, destination);
    }

    public static void Write(RolloutGraph graph, Stream destination)
    {
        using var json = new Utf8JsonWriter(destination, new JsonWriterOptions { Encoder = Encoder, SkipValidation = true });
        new StateWriter(json, destination).Write(graph);
    }

    private void Write(RolloutGraph graph)
    {
        json.WriteStartObject();
        json.WriteNumber("schema_version"u8, graph.SchemaVersion);
        json.WriteString("trace_id"u8, graph.TraceId);
        json.WriteString("rollout_id"u8, graph.RolloutId);
        json.WriteNumber("started_at_unix_ms"u8, graph.StartedAtUnixMs);
        Number("ended_at_unix_ms"u8, graph.EndedAtUnixMs);
        json.WriteString("status"u8, WireName.Of(graph.Status));
        json.WriteString("root_thread_id"u8, graph.RootThreadId);
        Map("threads"u8, graph.Threads, Write);
        Map("codex_turns"u8, graph.CodexTurns, Write);
        Map("conversation_items"u8, graph.ConversationItems, Write);
        Map("inference_calls"u8, graph.InferenceCalls, Write);
        Map("code_cells"u8, graph.CodeCells, Write);
        Map("tool_calls"u8, graph.ToolCalls, Write);
        Map("terminal_sessions"u8, graph.TerminalSessions, Write);
        Map("terminal_operations"u8, graph.TerminalOperations, Write);
        Map("compactions"u8, graph.Compactions, Write);
        Map("compaction_requests"u8, graph.CompactionRequests, Write);
        Map("interaction_edges"u8, graph.InteractionEdges, Write);
        Map("raw_payloads"u8, graph.RawPayloads, Write);
        if (graph.Diagnostics is not null)
        {
            json.WriteStartArray("diagnostics"u8);
            foreach (var diagnostic in graph.Diagnostics)
            {
                Write(diagnostic);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private void Map<T>(ReadOnlySpan<byte> member, IReadOnlyDictionary<string, T> map, Action<T> write)
        where T : class
    {
        json.WriteStartObject(member);
        foreach (var (id, value) in map)
        {
            json.WritePropertyName(id);
            json.WriteStartObject();
            write(value);
            json.WriteEndObject();
            if (json.BytesPending > FlushBytes)
            {
                json.Flush();
            }
        }

        json.WriteEndObject();
    }

    private void Write(AgentThread thread)
    {
        json.WriteString("thread_id"u8, thread.ThreadId);
        json.WriteString("agent_path"u8, thread.AgentPath);
        json.WriteString("nickname"u8, thread.Nickname);
        parts.Write("origin"u8, thread.Origin);
        Execution(thread.Execution);
        json.WriteString("default_model"u8, thread.DefaultModel);
        Ids("conversation_item_ids"u8, thread.ConversationItemIds);
        parts.Write(thread.Otel);
    }

    private void Write(CodexTurn turn)
    {
        json.WriteString("codex_turn_id"u8, turn.CodexTurnId);
        json.WriteString("thread_id"u8, turn.ThreadId);
        Execution(turn.Execution);
        Ids("input_item_ids"u8, turn.InputItemIds);
        parts.Write(turn.Otel);
    }

    private void Write(ConversationItem item)
    {
        json.WriteString("item_id"u8, item.ItemId);
        json.WriteString("thread_id"u8, item.ThreadId);
        json.WriteString("codex_turn_id"u8, item.CodexTurnId);
        json.WriteNumber("first_seen_at_unix_ms"u8, item.FirstSeenAtUnixMs);
        json.WriteString("role"u8, WireName.Of(item.Role));
        parts.Write("channel"u8, item.Channel);
        json.WriteString("kind"u8, WireName.Of(item.Kind));
        if (item.AgentMessage is { } address)
        {
            json.WriteStartObject("agent_message"u8);
            json.WriteString("author"u8, address.Author);
            json.WriteString("recipient"u8, address.Recipient);
            json.WriteEndObject();
        }

        json.WriteStartObject("body"u8);
        json.WriteStartArray("parts"u8);
        foreach (var part in item.Body.Parts)
        {
            parts.Write(part);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteString("call_id"u8, item.CallId);
        json.WriteStartArray("produced_by"u8);
        foreach (var producer in item.ProducedBy)
        {
            parts.Write(producer);
        }

        json.WriteEndArray();
    }

    private void Write(InferenceCall call)
    {
        json.WriteString("inference_call_id"u8, call.InferenceCallId);
        json.WriteString("thread_id"u8, call.ThreadId);
        json.WriteString("codex_turn_id"u8, call.CodexTurnId);
        Execution(call.Execution);
        json.WriteString("model"u8, call.Model);
        json.WriteString("provider_name"u8, call.ProviderName);
        json.WriteString("response_id"u8, call.ResponseId);
        json.WriteString("upstream_request_id"u8, call.UpstreamRequestId);
        Ids("request_item_ids"u8, call.RequestItemIds);
        Ids("response_item_ids"u8, call.ResponseItemIds);
        Ids("tool_call_ids_started_by_response"u8, call.ToolCallIdsStartedByResponse);
        parts.Write("usage"u8, call.Usage);
        json.WriteString("raw_request_payload_id"u8, call.RawRequestPayloadId);
        json.WriteString("raw_response_payload_id"u8, call.RawResponsePayloadId);
        parts.Write(call.Otel);
    }

    private void Write(RecordedCodeCell cell)
    {
        json.WriteString("code_cell_id"u8, cell.CodeCellId);
        json.WriteString("model_visible_call_id"u8, cell.ModelVisibleCallId);
        json.WriteString("thread_id"u8, cell.ThreadId);
        json.WriteString("codex_turn_id"u8, cell.CodexTurnId);
        json.WriteString("source_item_id"u8, cell.SourceItemId);
        Ids("output_item_ids"u8, cell.OutputItemIds);
        json.WriteString("runtime_cell_id"u8, cell.RuntimeCellId);
        Execution(cell.Execution);
        json.WriteString("runtime_status"u8, WireName.Of(cell.RuntimeStatus));
        Number("initial_response_at_unix_ms"u8, cell.InitialResponseAtUnixMs);
        Number("initial_response_seq"u8, cell.InitialResponseSeq);
        Number("yielded_at_unix_ms"u8, cell.YieldedAtUnixMs);
        Number("yielded_seq"u8, cell.YieldedSeq);
        json.WriteString("source_js"u8, cell.SourceJs);
        Ids("nested_tool_call_ids"u8, cell.NestedToolCallIds);
        Ids("wait_tool_call_ids"u8, cell.WaitToolCallIds);
        parts.Write(cell.Otel);
    }

    private void Write(RecordedToolCall tool)
    {
        json.WriteString("tool_call_id"u8, tool.ToolCallId);
        json.WriteString("mcp_call_id"u8, tool.McpCallId);
        json.WriteString("model_visible_call_id"u8, tool.ModelVisibleCallId);
        json.WriteString("code_mode_runtime_tool_id"u8, tool.CodeModeRuntimeToolId);
        json.WriteString("thread_id"u8, tool.ThreadId);
        json.WriteString("started_by_codex_turn_id"u8, tool.StartedByCodexTurnId);
        Execution(tool.Execution);
        parts.Write("requester"u8, tool.Requester);
        parts.Write("kind"u8, tool.Kind);
        Ids("model_visible_call_item_ids"u8, tool.ModelVisibleCallItemIds);
        Ids("model_visible_output_item_ids"u8, tool.ModelVisibleOutputItemIds);
        json.WriteString("terminal_operation_id"u8, tool.TerminalOperationId);
        parts.Write("summary"u8, tool.Summary);
        json.WriteString("raw_invocation_payload_id"u8, tool.RawInvocationPayloadId);
        json.WriteString("raw_result_payload_id"u8, tool.RawResultPayloadId);
        Ids("raw_runtime_payload_ids"u8, tool.RawRuntimePayloadIds);
        parts.Write(tool.Otel);
    }

    private void Write(TerminalSession session)
    {
        json.WriteString("terminal_id"u8, session.TerminalId);
        json.WriteString("thread_id"u8, session.ThreadId);
        json.WriteString("created_by_operation_id"u8, session.CreatedByOperationId);
        Ids("operation_ids"u8, session.OperationIds);
        Execution(session.Execution);
    }

    private void Write(TerminalOperation operation)
    {
        json.WriteString("operation_id"u8, operation.OperationId);
        json.WriteString("terminal_id"u8, operation.TerminalId);
        json.WriteString("tool_call_id"u8, operation.ToolCallId);
        json.WriteString("kind"u8, WireName.Of(operation.Kind));
        Execution(operation.Execution);
        parts.Write("request"u8, operation.Request);
        parts.Write("result"u8, operation.Result);
        json.WriteStartArray("model_observations"u8);
        foreach (var observation in operation.ModelObservations)
        {
            json.WriteStartObject();
            Ids("call_item_ids"u8, observation.CallItemIds);
            Ids("output_item_ids"u8, observation.OutputItemIds);
            json.WriteString("source"u8, observation.Source);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Ids("raw_payload_ids"u8, operation.RawPayloadIds);
        parts.Write(operation.Otel);
    }

    private void Write(RecordedCompaction compaction)
    {
        json.WriteString("compaction_id"u8, compaction.CompactionId);
        json.WriteString("thread_id"u8, compaction.ThreadId);
        json.WriteString("codex_turn_id"u8, compaction.CodexTurnId);
        json.WriteNumber("installed_at_unix_ms"u8, compaction.InstalledAtUnixMs);
        json.WriteString("marker_item_id"u8, compaction.MarkerItemId);
        Ids("request_ids"u8, compaction.RequestIds);
        Ids("input_item_ids"u8, compaction.InputItemIds);
        Ids("replacement_item_ids"u8, compaction.ReplacementItemIds);
        parts.Write(compaction.Otel);
    }

    private void Write(RecordedCompactionRequest request)
    {
        json.WriteString("compaction_request_id"u8, request.CompactionRequestId);
        json.WriteString("compaction_id"u8, request.CompactionId);
        json.WriteString("thread_id"u8, request.ThreadId);
        json.WriteString("codex_turn_id"u8, request.CodexTurnId);
        Execution(request.Execution);
        json.WriteString("model"u8, request.Model);
        json.WriteString("provider_name"u8, request.ProviderName);
        json.WriteString("raw_request_payload_id"u8, request.RawRequestPayloadId);
        json.WriteString("raw_response_payload_id"u8, request.RawResponsePayloadId);
        parts.Write(request.Otel);
    }

    private void Write(InteractionEdge edge)
    {
        json.WriteString("edge_id"u8, edge.EdgeId);
        json.WriteString("kind"u8, WireName.Of(edge.Kind));
        parts.Write("source"u8, edge.Source);
        parts.Write("target"u8, edge.Target);
        json.WriteNumber("started_at_unix_ms"u8, edge.StartedAtUnixMs);
        Number("ended_at_unix_ms"u8, edge.EndedAtUnixMs);
        Ids("carried_item_ids"u8, edge.CarriedItemIds);
        Ids("carried_raw_payload_ids"u8, edge.CarriedRawPayloadIds);
    }

    private void Write(PayloadReference payload)
    {
        json.WriteString("raw_payload_id"u8, payload.RawPayloadId);
        json.WriteStartObject("kind"u8);
        json.WriteString("type"u8, WireName.Of(payload.Kind));
        json.WriteEndObject();
        json.WriteString("path"u8, payload.Path);
    }

    private void Write(ReductionDiagnostic diagnostic)
    {
        json.WriteStartObject();
        json.WriteString("severity"u8, WireName.Of(diagnostic.Severity));
        json.WriteString("code"u8, diagnostic.Code);
        json.WriteString("message"u8, diagnostic.Message);
        Number("seq"u8, diagnostic.Seq);
        json.WriteNumber("line"u8, diagnostic.Line);
        if (diagnostic.Count is { } count)
        {
            json.WriteNumber("count"u8, count);
        }

        json.WriteEndObject();
    }

    private void Execution(ExecutionWindow execution)
    {
        json.WriteStartObject("execution"u8);
        json.WriteNumber("started_at_unix_ms"u8, execution.StartedAtUnixMs);
        json.WriteNumber("started_seq"u8, execution.StartedSeq);
        Number("ended_at_unix_ms"u8, execution.EndedAtUnixMs);
        Number("ended_seq"u8, execution.EndedSeq);
        json.WriteString("status"u8, WireName.Of(execution.Status));
        json.WriteEndObject();
    }

    private void Ids(ReadOnlySpan<byte> member, IdList ids)
    {
        json.WritePropertyName(member);
        idLists.Write(json, ids);
    }

    private void Number(ReadOnlySpan<byte> member, long? value) => parts.Write(member, value);
}

using System.Text.Json;
using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer;

/// <summary>Writes what stands inside the objects of a state: its small records and families of records.</summary>
/// <param name="json">Where to.</param>
/// <param name="destination">Where <paramref name="json"/> writes to.</param>
internal sealed class StatePartWriter(Utf8JsonWriter json, Stream destination)
{
    public void Write(ReadOnlySpan<byte> member, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(member, number);
        }
        else
        {
            json.WriteNull(member);
        }
    }

    public void Write(ReadOnlySpan<byte> member, ConversationChannel? channel)
    {
        if (channel is { } known)
        {
            json.WriteString(member, WireName.Of(known));
        }
        else
        {
            json.WriteNull(member);
        }
    }

    /// <summary>Our own member: left out where there is nothing.</summary>
    public void Write(SpanReference? span)
    {
        if (span is not null)
        {
            json.WriteStartObject("otel"u8);
            json.WriteString("trace_id"u8, span.TraceId);
            json.WriteString("span_id"u8, span.SpanId);
            json.WriteEndObject();
        }
    }

    public void Write(ReadOnlySpan<byte> member, ThreadOrigin origin)
    {
        json.WriteStartObject(member);
        if (origin is SpawnedOrigin spawned)
        {
            json.WriteString("type"u8, "spawned"u8);
            json.WriteString("parent_thread_id"u8, spawned.ParentThreadId);
            json.WriteString("spawn_edge_id"u8, spawned.SpawnEdgeId);
            json.WriteString("task_name"u8, spawned.TaskName);
            json.WriteString("agent_role"u8, spawned.AgentRole);
        }
        else
        {
            json.WriteString("type"u8, "root"u8);
        }

        json.WriteEndObject();
    }

    public void Write(ConversationPart part)
    {
        json.WriteStartObject();
        switch (part)
        {
            case TextPart p:
                json.WriteString("type"u8, "text"u8);
                p.Stored.Write(json, "text"u8, destination);
                break;
            case SummaryPart p:
                json.WriteString("type"u8, "summary"u8);
                p.Stored.Write(json, "text"u8, destination);
                break;
            case EncodedPart p:
                json.WriteString("type"u8, "encoded"u8);
                json.WriteString("label"u8, p.Label);
                p.Stored.Write(json, "value"u8, destination);
                break;
            case JsonPart p:
                json.WriteString("type"u8, "json"u8);
                json.WriteString("summary"u8, p.Summary);
                json.WriteString("raw_payload_id"u8, p.RawPayloadId);
                break;
            case CodePart p:
                json.WriteString("type"u8, "code"u8);
                json.WriteString("language"u8, p.Language);
                p.Stored.Write(json, "source"u8, destination);
                break;
            case PayloadReferencePart p:
                json.WriteString("type"u8, "payload_ref"u8);
                json.WriteString("label"u8, p.Label);
                json.WriteString("raw_payload_id"u8, p.RawPayloadId);
                break;
            default:
                throw Unknown(part);
        }

        json.WriteEndObject();
    }

    public void Write(ConversationProducer producer)
    {
        json.WriteStartObject();
        switch (producer)
        {
            case InferenceProducer p:
                json.WriteString("type"u8, "inference"u8);
                json.WriteString("inference_call_id"u8, p.InferenceCallId);
                break;
            case ToolProducer p:
                json.WriteString("type"u8, "tool"u8);
                json.WriteString("tool_call_id"u8, p.ToolCallId);
                break;
            case CodeCellProducer p:
                json.WriteString("type"u8, "code_cell"u8);
                json.WriteString("code_cell_id"u8, p.CodeCellId);
                break;
            case CompactionProducer p:
                json.WriteString("type"u8, "compaction"u8);
                json.WriteString("compaction_id"u8, p.CompactionId);
                break;
            case InteractionEdgeProducer p:
                json.WriteString("type"u8, "interaction_edge"u8);
                json.WriteString("edge_id"u8, p.EdgeId);
                break;
            case UserInputProducer:
                json.WriteString("type"u8, "user_input"u8);
                break;
            case HarnessProducer:
                json.WriteString("type"u8, "harness"u8);
                break;
            default:
                throw Unknown(producer);
        }

        json.WriteEndObject();
    }

    public void Write(ReadOnlySpan<byte> member, RecordedTokenUsage? usage)
    {
        if (usage is null)
        {
            json.WriteNull(member);
            return;
        }

        json.WriteStartObject(member);
        json.WriteNumber("input_tokens"u8, usage.InputTokens);
        json.WriteNumber("cached_input_tokens"u8, usage.CachedInputTokens);
        json.WriteNumber("cache_write_input_tokens"u8, usage.CacheWriteInputTokens);
        json.WriteNumber("output_tokens"u8, usage.OutputTokens);
        json.WriteNumber("reasoning_output_tokens"u8, usage.ReasoningOutputTokens);
        json.WriteEndObject();
    }

    public void Write(ReadOnlySpan<byte> member, ToolCallRequester requester)
    {
        json.WriteStartObject(member);
        if (requester is RequestedByCodeCell cell)
        {
            json.WriteString("type"u8, "code_cell"u8);
            json.WriteString("code_cell_id"u8, cell.CodeCellId);
        }
        else
        {
            json.WriteString("type"u8, "model"u8);
        }

        json.WriteEndObject();
    }

    public void Write(ReadOnlySpan<byte> member, ToolCallKind kind)
    {
        json.WriteStartObject(member);
        json.WriteString("type"u8, WireName.Of(kind.Type));
        if (kind.Type == ToolCallKindType.Mcp)
        {
            json.WriteString("server"u8, kind.Server);
            json.WriteString("tool"u8, kind.Tool);
        }
        else if (kind.Type == ToolCallKindType.Other)
        {
            json.WriteString("name"u8, kind.Name);
        }

        json.WriteEndObject();
    }

    public void Write(ReadOnlySpan<byte> member, ToolCallSummary summary)
    {
        json.WriteStartObject(member);
        switch (summary)
        {
            case GenericSummary s:
                json.WriteString("type"u8, "generic"u8);
                json.WriteString("label"u8, s.Label);
                json.WriteString("input_preview"u8, s.InputPreview);
                json.WriteString("output_preview"u8, s.OutputPreview);
                break;
            case TerminalSummary s:
                json.WriteString("type"u8, "terminal"u8);
                json.WriteString("operation_id"u8, s.OperationId);
                break;
            case AgentSummary s:
                json.WriteString("type"u8, "agent"u8);
                json.WriteString("target_agent_path"u8, s.TargetAgentPath);
                json.WriteString("task_name"u8, s.TaskName);
                json.WriteString("message_preview"u8, s.MessagePreview);
                break;
            case WaitAgentSummary s:
                json.WriteString("type"u8, "wait_agent"u8);
                json.WriteString("target_agent_path"u8, s.TargetAgentPath);
                Write("timeout_ms"u8, s.TimeoutMs);
                break;
            default:
                throw Unknown(summary);
        }

        json.WriteEndObject();
    }

    public void Write(ReadOnlySpan<byte> member, TerminalRequest request)
    {
        json.WriteStartObject(member);
        switch (request)
        {
            case ExecCommandRequest r:
                json.WriteString("type"u8, "exec_command"u8);
                json.WriteStartArray("command"u8);
                foreach (var word in r.Command)
                {
                    json.WriteStringValue(word);
                }

                json.WriteEndArray();
                json.WriteString("display_command"u8, r.DisplayCommand);
                json.WriteString("cwd"u8, r.Cwd);
                Write("yield_time_ms"u8, r.YieldTimeMs);
                Write("max_output_tokens"u8, r.MaxOutputTokens);
                break;
            case WriteStdinRequest r:
                json.WriteString("type"u8, "write_stdin"u8);
                json.WriteString("stdin"u8, r.Stdin);
                Write("yield_time_ms"u8, r.YieldTimeMs);
                Write("max_output_tokens"u8, r.MaxOutputTokens);
                break;
            default:
                throw Unknown(request);
        }

        json.WriteEndObject();
    }

    public void Write(ReadOnlySpan<byte> member, TerminalResult? result)
    {
        if (result is null)
        {
            json.WriteNull(member);
            return;
        }

        json.WriteStartObject(member);
        Write("exit_code"u8, result.ExitCode);
        result.StoredStdout.Write(json, "stdout"u8, destination);
        result.StoredStderr.Write(json, "stderr"u8, destination);
        if (result.StoredFormattedOutput is { } formatted)
        {
            formatted.Write(json, "formatted_output"u8, destination);
        }
        else
        {
            json.WriteNull("formatted_output"u8);
        }

        Write("original_token_count"u8, result.OriginalTokenCount);
        json.WriteString("chunk_id"u8, result.ChunkId);
        json.WriteEndObject();
    }

    public void Write(ReadOnlySpan<byte> member, InteractionAnchor anchor)
    {
        json.WriteStartObject(member);
        switch (anchor)
        {
            case ConversationItemAnchor a:
                json.WriteString("type"u8, "conversation_item"u8);
                json.WriteString("item_id"u8, a.ItemId);
                break;
            case ToolCallAnchor a:
                json.WriteString("type"u8, "tool_call"u8);
                json.WriteString("tool_call_id"u8, a.ToolCallId);
                break;
            case ThreadAnchor a:
                json.WriteString("type"u8, "thread"u8);
                json.WriteString("thread_id"u8, a.ThreadId);
                break;
            default:
                throw Unknown(anchor);
        }

        json.WriteEndObject();
    }

    private static InvalidOperationException Unknown(object value) => new($"no JSON form for {value.GetType().Name}");
}

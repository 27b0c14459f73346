using System.Text.Json;
using RolloutTrace.Arguments;
using RolloutTrace.Bundle;
using RolloutTrace.GenAI.Items;
using RolloutTrace.GenAI.Reading;
using RolloutTrace.GenAI.Threads;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>The payloads of events that come from spans of others, in the forms that readers of bundles know.</summary>
internal static class MappedPayloads
{
    /// <summary>A request, in the Responses API's form.</summary>
    /// <param name="reading">The span.</param>
    /// <param name="previousResponseId">The response that it goes on from; null if it shows everything.</param>
    /// <param name="items">What it shows; null for what the span says.</param>
    public static byte[] Request(SpanReading reading, string? previousResponseId, IReadOnlyList<ModelItem>? items = null)
    {
        var chat = reading.Chat!;
        return JsonValue.Written(writer =>
        {
            writer.WriteStartObject();
            if (chat.Model is not null)
            {
                writer.WriteString("model"u8, chat.Model);
            }

            if (chat.Content.Instructions is { } instructions)
            {
                writer.WriteString("instructions"u8, instructions);
            }

            if (previousResponseId is not null)
            {
                writer.WriteString("previous_response_id"u8, previousResponseId);
            }

            WriteItems(writer, "input", items ?? chat.Content.Input);
            if (chat.Content.Tools is { } tools)
            {
                writer.WritePropertyName("tools"u8);
                JsonValue.WriteElement(writer, tools);
            }

            chat.WriteParameters(writer);
            WriteDefect(writer, chat.Content.InputDefect);
            SpanAttributesJson.Write(writer, reading, ofResponse: false);
            writer.WriteEndObject();
        });
    }

    /// <summary>A response of which a span says only what is in it.</summary>
    public static byte[] Response(IReadOnlyList<ModelItem> items) => JsonValue.Written(writer =>
    {
        writer.WriteStartObject();
        WriteItems(writer, "output_items", items);
        writer.WriteEndObject();
    });

    /// <summary>A response, or what arrived of one.</summary>
    /// <param name="reading">The span.</param>
    /// <param name="items">What is in it; null for what the span says.</param>
    public static byte[] Response(SpanReading reading, IReadOnlyList<ModelItem>? items = null)
    {
        var chat = reading.Chat!;
        return JsonValue.Written(writer =>
        {
            writer.WriteStartObject();
            if (chat.ResponseId is not null)
            {
                writer.WriteString("response_id"u8, chat.ResponseId);
            }

            if (chat.Usage is { } usage)
            {
                writer.WriteStartObject("token_usage"u8);
                writer.WriteNumber("input_tokens"u8, usage.InputTokens);
                writer.WriteNumber("cached_input_tokens"u8, usage.CachedInputTokens);
                writer.WriteNumber("cache_write_input_tokens"u8, usage.CacheWriteInputTokens);
                writer.WriteNumber("output_tokens"u8, usage.OutputTokens);
                writer.WriteNumber("reasoning_output_tokens"u8, usage.ReasoningOutputTokens);
                writer.WriteEndObject();
            }

            WriteItems(writer, "output_items", items ?? chat.Content.Output);
            WriteDefect(writer, chat.Content.OutputDefect);
            SpanAttributesJson.Write(writer, reading, ofResponse: true);
            writer.WriteEndObject();
        });
    }

    public static byte[] ToolInvocation(SpanReading reading)
    {
        var tool = reading.Tool!;
        return JsonValue.Written(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("tool_name"u8, tool.Name);
            writer.WriteNull("tool_namespace"u8);
            writer.WriteStartObject("payload"u8);
            writer.WriteString("type"u8, "function"u8);
            writer.WriteString("arguments"u8, tool.Arguments);
            writer.WriteEndObject();
            SpanAttributesJson.Write(writer, reading, ofResponse: false);
            writer.WriteEndObject();
        });
    }

    /// <summary>A call that no span tells of, as the model asked for it.</summary>
    public static byte[] ToolInvocation(ModelItem call) => JsonValue.Written(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("tool_name"u8, call.Name);
        writer.WriteNull("tool_namespace"u8);
        writer.WriteStartObject("payload"u8);
        writer.WriteString("type"u8, "function"u8);
        writer.WriteString("arguments"u8, call.Text);
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    /// <summary>What a tool gave that no span tells of, as the model got it.</summary>
    public static byte[] ToolResult(ModelItem output) => JsonValue.Written(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "direct_response"u8);
        writer.WritePropertyName("response_item"u8);
        writer.WriteRawValue(output.Json, skipInputValidation: true);
        writer.WriteEndObject();
    });

    /// <summary>What a tool gave, or why it gave nothing; empty where nothing is known.</summary>
    public static byte[]? ToolResult(SpanReading reading, string? callId)
    {
        var tool = reading.Tool!;
        if (tool.Result is null && tool.Outcome.Words is null)
        {
            return null;
        }

        return JsonValue.Written(writer =>
        {
            writer.WriteStartObject();
            if (tool.Result is { } result)
            {
                writer.WriteString("type"u8, "direct_response"u8);
                writer.WriteStartObject("response_item"u8);
                writer.WriteString("type"u8, "function_call_output"u8);
                writer.WriteString("call_id"u8, callId);
                writer.WriteString("output"u8, result);
                writer.WriteEndObject();
            }
            else
            {
                writer.WriteString("type"u8, "error"u8);
                writer.WriteString("error"u8, tool.Outcome.Words);
            }

            SpanAttributesJson.Write(writer, reading, ofResponse: true);
            writer.WriteEndObject();
        });
    }

    /// <summary>All that a span says, where no event has room for it.</summary>
    public static byte[] Attributes(SpanReading reading) => JsonValue.Written(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("span_name"u8, reading.Span.Name);
        SpanAttributesJson.Write(writer, reading, ofResponse: null);
        writer.WriteEndObject();
    });

    public static byte[] Checkpoint(IReadOnlyList<ModelItem> input, IReadOnlyList<ModelItem> replacement, SpanReading? compaction) => JsonValue.Written(writer =>
    {
        writer.WriteStartObject();
        WriteItems(writer, "input_history", input);
        WriteItems(writer, "replacement_history", replacement);
        if (compaction is not null)
        {
            SpanAttributesJson.Write(writer, compaction, ofResponse: null);
        }

        writer.WriteEndObject();
    });

    public static byte[] AgentResult(string childPath, string message, ExecutionStatus status) => JsonValue.Written(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("child_agent_path"u8, childPath);
        writer.WriteString("message"u8, message);
        if (status is ExecutionStatus.Completed or ExecutionStatus.Failed)
        {
            writer.WriteStartObject("status"u8);
            writer.WriteString(status == ExecutionStatus.Completed ? "completed"u8 : "errored"u8, message);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteString("status"u8, "interrupted"u8);
        }

        writer.WriteEndObject();
    });

    /// <summary>A thread's metadata.</summary>
    /// <param name="thread">The thread.</param>
    /// <param name="first">The span of its first turn.</param>
    /// <param name="request">The first request; null if it is not known by then.</param>
    /// <param name="toolCallId">The call that brought it about; null if none did.</param>
    /// <param name="caller">Who called the rollout from another process; null if nobody did, or the thread is no root.</param>
    public static byte[] Metadata(KnownThread thread, SpanReading first, SpanReading? request, string? toolCallId, CallerReference? caller)
    {
        var name = first.Agent.Name;
        var content = request?.Chat?.Content ?? first.Agent.Content;
        return JsonValue.Written(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("thread_id"u8, thread.ThreadId);
            writer.WriteString("agent_path"u8, thread.AgentPath);
            writer.WriteNull("task_name"u8);
            writer.WriteString("nickname"u8, EventText.NameOrNull(name));
            writer.WriteNull("agent_role"u8);
            writer.WritePropertyName("session_source"u8);
            WriteSource(writer, thread, name, toolCallId);
            writer.WriteString("cwd"u8, string.Empty);
            writer.WriteNull("rollout_path"u8);
            writer.WriteString("model"u8, EventText.Name(request?.Chat?.Model ?? first.Agent.Model));
            writer.WriteString("provider_name"u8, EventText.Name(request?.Chat?.Provider ?? first.Agent.Provider));
            writer.WriteString("approval_policy"u8, "never"u8);
            writer.WriteNull("sandbox_policy"u8);
            writer.WriteString("thread_rule"u8, ThreadRules.Name(thread.Rule));
            writer.WriteBoolean("thread_rule_is_guess"u8, ThreadRules.IsGuess(thread.Rule));
            writer.WriteString("content"u8, content.IsCaptured ? "captured"u8 : "not captured"u8);
            WriteIfKnown(writer, "conversation_id", thread.ConversationId);
            WriteIfKnown(writer, "agent_id", first.Agent.Id);
            WriteIfKnown(writer, "agent_name", name);
            WriteIfKnown(writer, "service_name", first.Service);
            WriteIfKnown(writer, "source_name", first.Span.SourceName);
            WriteIfKnown(writer, "source_version", first.Span.SourceVersion);
            if (caller is not null)
            {
                writer.WritePropertyName("caller"u8);
                CallerReferenceConverter.Write(writer, caller);
            }

            writer.WriteEndObject();
        });
    }

    private static void WriteSource(Utf8JsonWriter writer, KnownThread thread, string? nickname, string? toolCallId)
    {
        if (thread.Parent is null)
        {
            writer.WriteStringValue("exec"u8);
            return;
        }

        writer.WriteStartObject();
        writer.WriteStartObject("subagent"u8);
        writer.WriteStartObject("thread_spawn"u8);
        writer.WriteString("parent_thread_id"u8, thread.Parent.ThreadId);
        writer.WriteNumber("depth"u8, thread.Depth);
        writer.WriteString("agent_path"u8, thread.AgentPath);
        writer.WriteString("agent_nickname"u8, EventText.NameOrNull(nickname));
        writer.WriteNull("agent_role"u8);
        if (toolCallId is not null)
        {
            writer.WriteString("tool_call_id"u8, toolCallId);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteIfKnown(Utf8JsonWriter writer, string member, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            writer.WriteString(member, EventText.NameOrNull(value));
        }
    }

    private static void WriteDefect(Utf8JsonWriter writer, string? defect)
    {
        if (defect is not null)
        {
            writer.WriteString(PayloadMarkerName.Error, defect);
        }
    }

    private static void WriteItems(Utf8JsonWriter writer, string member, IReadOnlyList<ModelItem> items)
    {
        writer.WriteStartArray(member);
        foreach (var item in items)
        {
            writer.WriteRawValue(item.Json, skipInputValidation: true);
        }

        writer.WriteEndArray();
    }
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using RolloutTrace.Payloads;

namespace RolloutTrace.Content;

/// <summary>
/// Model-visible items as messages of OpenTelemetry's GenAI schemas: a list of messages, each with a role and parts. The newest
/// ones are kept when not all fit; one that does not fit alone is cut.
/// </summary>
internal static class GenAIMessages
{
    private const string User = "user";
    private const string Assistant = "assistant";
    private const string Tool = "tool";

    /// <summary>What a request gives the model: its <c>input</c>, which may be a text, or its <c>messages</c>.</summary>
    public static string? OfRequest(JsonElement request, int limit)
    {
        if (request.ValueKind != JsonValueKind.Object
            || (!request.TryGetProperty("input", out var input) && !request.TryGetProperty("messages", out input)))
        {
            return null;
        }

        return input.ValueKind switch
        {
            JsonValueKind.Array => Messages(input, limit, isOutput: false),
            JsonValueKind.String => Join([Write(writer => WriteText(writer, User, input, isOutput: false))], limit),
            _ => null,
        };
    }

    /// <summary>What a model gave: a list of output items. A model that gave none gave no messages.</summary>
    public static string? OfResponse(JsonElement items, int limit) =>
        items.ValueKind == JsonValueKind.Array && items.GetArrayLength() > 0 ? Messages(items, limit, isOutput: true) : null;

    private static string Messages(JsonElement items, int limit, bool isOutput)
    {
        var kept = new List<byte[]>();
        var size = 0;
        for (var i = items.GetArrayLength() - 1; i >= 0 && size <= limit; i--)
        {
            var item = items[i];
            var message = Write(writer => WriteMessage(writer, item, isOutput));
            kept.Add(message);
            size += message.Length + 1;
        }

        return Join(kept, limit);
    }

    /// <summary>A list of the messages, which come newest first.</summary>
    private static string Join(List<byte[]> newestFirst, int limit)
    {
        // Room for the brackets of the list.
        var room = limit - 2;
        var messages = new List<string>();
        foreach (var message in newestFirst)
        {
            var text = message.Length <= room ? Encoding.UTF8.GetString(message)
                : messages.Count == 0 ? JsonCut.Cut(message, room)
                : null;
            if (text is null)
            {
                break;
            }

            messages.Add(text);
            room -= message.Length + 1;
        }

        messages.Reverse();
        return $"[{string.Join(',', messages)}]";
    }

    private static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, PayloadJson.WriterOptions))
        {
            write(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteMessage(Utf8JsonWriter writer, JsonElement item, bool isOutput)
    {
        switch (Text(item, "type") ?? "message")
        {
            case "message":
                WriteContent(writer, Text(item, "role") ?? Assistant, item, isOutput);
                break;
            case "agent_message":
                WriteContent(writer, User, item, isOutput);
                break;
            case "reasoning":
                WriteReasoning(writer, item, isOutput);
                break;
            case "function_call" or "custom_tool_call":
                Begin(writer, Assistant);
                WriteToolCall(writer, item);
                End(writer, isOutput, "tool_call");
                break;
            case "function_call_output" or "custom_tool_call_output":
                Begin(writer, Tool);
                WriteToolResponse(writer, item);
                End(writer, isOutput, "stop");
                break;
            default:
                Begin(writer, Assistant);
                item.WriteTo(writer);
                End(writer, isOutput, "stop");
                break;
        }
    }

    private static void WriteText(Utf8JsonWriter writer, string role, JsonElement text, bool isOutput)
    {
        Begin(writer, role);
        WritePart(writer, "text", text);
        End(writer, isOutput, "stop");
    }

    private static void WriteContent(Utf8JsonWriter writer, string role, JsonElement item, bool isOutput)
    {
        Begin(writer, role);
        if (item.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array)
        {
            foreach (var part in content.EnumerateArray())
            {
                if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text))
                {
                    WritePart(writer, "text", text);
                }
                else
                {
                    part.WriteTo(writer);
                }
            }
        }
        else if (content.ValueKind == JsonValueKind.String)
        {
            WritePart(writer, "text", content);
        }

        End(writer, isOutput, "stop");
    }

    private static void WriteReasoning(Utf8JsonWriter writer, JsonElement item, bool isOutput)
    {
        Begin(writer, Assistant);
        foreach (var member in (ReadOnlySpan<string>)["content", "summary"])
        {
            if (item.TryGetProperty(member, out var parts) && parts.ValueKind == JsonValueKind.Array)
            {
                foreach (var part in parts.EnumerateArray())
                {
                    if (part.ValueKind == JsonValueKind.Object && part.TryGetProperty("text", out var text))
                    {
                        WritePart(writer, "reasoning", text);
                    }
                }
            }
        }

        End(writer, isOutput, "stop");
    }

    private static void WriteToolCall(Utf8JsonWriter writer, JsonElement item)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "tool_call"u8);
        writer.WriteString("id"u8, Text(item, "call_id"));
        writer.WriteString("name"u8, Text(item, "name"));
        if (item.TryGetProperty("arguments", out var arguments) || item.TryGetProperty("input", out arguments))
        {
            writer.WritePropertyName("arguments"u8);
            arguments.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private static void WriteToolResponse(Utf8JsonWriter writer, JsonElement item)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "tool_call_response"u8);
        writer.WriteString("id"u8, Text(item, "call_id"));
        writer.WritePropertyName("response"u8);
        if (item.TryGetProperty("output", out var output))
        {
            output.WriteTo(writer);
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter writer, string type, JsonElement content)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, type);
        writer.WritePropertyName("content"u8);
        content.WriteTo(writer);
        writer.WriteEndObject();
    }

    private static void Begin(Utf8JsonWriter writer, string role)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, role);
        writer.WriteStartArray("parts"u8);
    }

    // The schema wants a reason to finish for each output message.
    private static void End(Utf8JsonWriter writer, bool isOutput, string finishReason)
    {
        writer.WriteEndArray();
        if (isOutput)
        {
            writer.WriteString("finish_reason"u8, finishReason);
        }

        writer.WriteEndObject();
    }

    private static string? Text(JsonElement item, string member) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using RolloutTrace.Payloads;
using RolloutTrace.Wire;

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

    /// <summary>What a request gives the model: the list of its dialect, which may be a text.</summary>
    public static string? OfRequest(JsonElement request, int limit)
    {
        var list = Dialects.ListOf(request);
        return list.ValueKind switch
        {
            JsonValueKind.Array => Messages(list, Dialects.OfRequest(request), limit),
            JsonValueKind.String => Join([Write(writer => WriteText(writer, User, list, isOutput: false))], limit),
            _ => null,
        };
    }

    /// <summary>What a model gave: the items of a response in any dialect. A model that gave none gave no messages.</summary>
    public static string? OfResponse(JsonElement response, int limit)
    {
        var items = new WireItems();
        Dialects.ReadResponse(response, items);
        var kept = new List<byte[]>();
        AddNewest(items, kept, limit, isOutput: true);
        return kept.Count > 0 ? Join(kept, limit) : null;
    }

    private static string Messages(JsonElement list, Dialect dialect, int limit)
    {
        var kept = new List<byte[]>();
        var items = new WireItems();
        var room = limit;
        for (var i = list.GetArrayLength() - 1; i >= 0 && room >= 0; i--)
        {
            items.Clear();
            Dialects.Read(list[i], dialect, items);
            room = AddNewest(items, kept, room, isOutput: false);
        }

        return Join(kept, limit);
    }

    // Returns how much room is left; less than none if the last one does not fit.
    private static int AddNewest(WireItems items, List<byte[]> kept, int room, bool isOutput)
    {
        for (var i = items.Count - 1; i >= 0 && room >= 0; i--)
        {
            var item = items[i];
            var message = Write(writer => WriteMessage(writer, item, isOutput));
            kept.Add(message);
            room -= message.Length + 1;
        }

        return room;
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

    private static void WriteMessage(Utf8JsonWriter writer, WireItem item, bool isOutput)
    {
        switch (item.Kind)
        {
            case WireItemKind.Message:
                WriteContent(writer, item.Role ?? Assistant, item, isOutput);
                break;
            case WireItemKind.AgentMessage:
                WriteContent(writer, User, item, isOutput);
                break;
            case WireItemKind.Reasoning:
                WriteReasoning(writer, item, isOutput);
                break;
            case WireItemKind.FunctionCall or WireItemKind.CustomToolCall:
                Begin(writer, Assistant);
                WriteToolCall(writer, item);
                End(writer, isOutput, "tool_call");
                break;
            case WireItemKind.FunctionCallOutput or WireItemKind.CustomToolCallOutput:
                Begin(writer, Tool);
                WriteToolResponse(writer, item);
                End(writer, isOutput, "stop");
                break;
            default:
                Begin(writer, Assistant);
                item.Source.WriteTo(writer);
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

    private static void WriteContent(Utf8JsonWriter writer, string role, WireItem item, bool isOutput)
    {
        Begin(writer, role);
        if (item.Content.ValueKind == JsonValueKind.String)
        {
            WritePart(writer, "text", item.Content);
        }
        else
        {
            foreach (ref readonly var part in item.Parts)
            {
                if (part.Value.ValueKind != JsonValueKind.Undefined && part.Kind != WirePartKind.Encoded)
                {
                    WritePart(writer, "text", part.Value);
                }
                else if (part.Source.ValueKind != JsonValueKind.Undefined)
                {
                    part.Source.WriteTo(writer);
                }
            }
        }

        End(writer, isOutput, "stop");
    }

    private static void WriteReasoning(Utf8JsonWriter writer, WireItem item, bool isOutput)
    {
        Begin(writer, Assistant);
        foreach (ref readonly var part in item.Parts)
        {
            if (part.Value.ValueKind != JsonValueKind.Undefined && part.Kind != WirePartKind.Encoded)
            {
                WritePart(writer, "reasoning", part.Value);
            }
        }

        End(writer, isOutput, "stop");
    }

    private static void WriteToolCall(Utf8JsonWriter writer, WireItem item)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "tool_call"u8);
        writer.WriteString("id"u8, item.CallId);
        writer.WriteString("name"u8, item.Name);
        if (item.Content.ValueKind != JsonValueKind.Undefined)
        {
            writer.WritePropertyName("arguments"u8);
            item.Content.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private static void WriteToolResponse(Utf8JsonWriter writer, WireItem item)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "tool_call_response"u8);
        writer.WriteString("id"u8, item.CallId);
        writer.WritePropertyName("response"u8);
        if (item.Content.ValueKind != JsonValueKind.Undefined)
        {
            item.Content.WriteTo(writer);
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
}

using System.Runtime.InteropServices;
using System.Text.Json;
using RolloutTrace.Spans;
using RolloutTrace.Wire;

namespace RolloutTrace.Content;

/// <summary>A part of a message as OpenTelemetry's conventions have it. It refers to the document it was read from, and is valid as long as that is.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct GenAIPart
{
    private readonly GenAIPartType type;
    private readonly JsonElement value;
    private readonly string? id;
    private readonly string? name;

    private GenAIPart(GenAIPartType type, JsonElement value, string? id = null, string? name = null)
    {
        this.type = type;
        this.value = value;
        this.id = id is null ? null : SpanTags.Cut(id);
        this.name = name is null ? null : SpanTags.Cut(name);
    }

    public bool IsText => type == GenAIPartType.Text;

    public long WireBytes => value.ValueKind == JsonValueKind.Undefined ? 0 : JsonMarshal.GetRawUtf8Value(value).Length;

    /// <param name="text">A string.</param>
    public static GenAIPart Text(JsonElement text) => new(GenAIPartType.Text, text);

    /// <param name="text">A string.</param>
    public static GenAIPart Reasoning(JsonElement text) => new(GenAIPartType.Reasoning, text);

    /// <param name="arguments">What it is called with; may be undefined.</param>
    /// <param name="id">The call's id.</param>
    /// <param name="name">The tool's name.</param>
    public static GenAIPart ToolCall(JsonElement arguments, string? id, string? name) => new(GenAIPartType.ToolCall, arguments, id, name ?? "unknown");

    /// <param name="result">What the tool gave, without what stands around it; may be undefined.</param>
    /// <param name="id">The call's id.</param>
    public static GenAIPart ToolCallResponse(JsonElement result, string? id) => new(GenAIPartType.ToolCallResponse, result, id);

    /// <param name="call">What stands on the wire, an object with a type.</param>
    /// <param name="id">The call's id.</param>
    /// <param name="name">The tool's name.</param>
    public static GenAIPart ServerToolCall(JsonElement call, string? id, string name) => new(GenAIPartType.ServerToolCall, call, id, name);

    /// <summary>A part of another type, with its content below it.</summary>
    /// <param name="type">The type; none that the conventions have.</param>
    /// <param name="content">Any JSON; may be undefined.</param>
    /// <param name="id">The part's id.</param>
    public static GenAIPart Other(string type, JsonElement content, string? id = null) => new(GenAIPartType.Other, content, id, type);

    /// <summary>A part that stands on the wire: what refers to an image or a file in the conventions' words, anything else as it is.</summary>
    /// <param name="part">An object.</param>
    /// <param name="label">What it is, where it does not say so.</param>
    public static GenAIPart Source(JsonElement part, string? label) => new(GenAIPartType.Source, part, name: label);

    public void WriteTo(Utf8JsonWriter writer, int maxText)
    {
        if (type == GenAIPartType.Source)
        {
            MediaPart.Write(writer, value, name, maxText);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type"u8, type switch
        {
            GenAIPartType.Text => "text",
            GenAIPartType.Reasoning => "reasoning",
            GenAIPartType.ToolCall => "tool_call",
            GenAIPartType.ToolCallResponse => "tool_call_response",
            GenAIPartType.ServerToolCall => "server_tool_call",
            _ => name!,
        });
        WriteRest(writer, maxText);
        writer.WriteEndObject();
    }

    private void WriteRest(Utf8JsonWriter writer, int maxText)
    {
        if (id is not null)
        {
            writer.WriteString("id"u8, id);
        }

        switch (type)
        {
            case GenAIPartType.Text or GenAIPartType.Reasoning:
                writer.WriteString("content"u8, JsonCut.Text(JsonText.Read(value, out _) ?? "", maxText));
                break;
            case GenAIPartType.ToolCall:
                writer.WriteString("name"u8, name);
                if (value.ValueKind != JsonValueKind.Undefined)
                {
                    writer.WritePropertyName("arguments"u8);
                    ContentJson.WriteText(writer, value, maxText);
                }

                break;
            case GenAIPartType.ToolCallResponse:
                writer.WritePropertyName("response"u8);
                ContentJson.WriteResult(writer, value, maxText);
                break;
            case GenAIPartType.ServerToolCall:
                writer.WriteString("name"u8, name);
                writer.WritePropertyName("server_tool_call"u8);
                ContentJson.WriteObject(writer, value, maxText);
                break;
            default:
                if (value.ValueKind != JsonValueKind.Undefined)
                {
                    writer.WritePropertyName("content"u8);
                    ContentJson.Write(writer, value, maxText);
                }

                break;
        }
    }
}

using System.Runtime.InteropServices;
using System.Text.Json;
using RolloutTrace.Spans;
using RolloutTrace.Wire;

namespace RolloutTrace.Content;

/// <summary>A tool that a model may call, as the conventions have it.</summary>
internal sealed class ToolDefinition : IContentEntry
{
    private readonly WireTool tool;
    private readonly string type;

    public ToolDefinition(WireTool tool)
    {
        this.tool = tool;

        // Some APIs have functions without a type, or a type of their own for them.
        type = JsonText.MemberOrNull(tool.Source, "type") is { Length: > 0 } given && !(given == "custom" && HasSchema("input_schema")) ? SpanTags.Cut(given) : "function";
    }

    public long WireBytes => tool.Bytes;

    /// <summary>The tools of a request, in its order.</summary>
    public static List<ToolDefinition> Of(JsonElement request) => [.. Dialects.OfRequest(request).ReadGiven(request).Tools.Select(static tool => new ToolDefinition(tool))];

    // A schema that is cut is none: it is there whole or not at all.
    public void WriteTo(Utf8JsonWriter writer, int maxText)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, type);
        writer.WriteString("name"u8, SpanTags.Cut(tool.Name ?? type));
        if (tool.Description is { } description)
        {
            writer.WriteString("description"u8, JsonCut.Text(description, maxText));
        }

        if (tool.Schema.ValueKind == JsonValueKind.Object && JsonMarshal.GetRawUtf8Value(tool.Schema) is var schema && schema.Length <= maxText)
        {
            writer.WritePropertyName(type == "function" ? "parameters"u8 : "format"u8);
            writer.WriteRawValue(schema, skipInputValidation: true);
        }

        writer.WriteEndObject();
    }

    public IContentEntry? Thinned() => null;

    private bool HasSchema(string member) => JsonText.Member(tool.Source, member).ValueKind == JsonValueKind.Object;
}

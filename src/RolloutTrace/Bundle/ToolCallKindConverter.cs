using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Bundle;

/// <summary>Reads and writes a <see cref="ToolCallKind"/>; members that its type does not have are dropped.</summary>
public sealed class ToolCallKindConverter : JsonConverter<ToolCallKind>
{
    /// <inheritdoc/>
    public override ToolCallKind Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        ToolCallKindType? type = null;
        string? server = null, tool = null, name = null;
        TypedObject.ReadMembers(ref reader, "a tool kind", (ref Utf8JsonReader value, string member) =>
        {
            switch (member)
            {
                case "type":
                    type = value.TokenType == JsonTokenType.String && WireEnum<ToolCallKindType>.TryParse(ref value, out var parsed)
                        ? parsed
                        : throw new JsonException("unknown tool kind");
                    break;
                case "server":
                    server = Text(ref value);
                    break;
                case "tool":
                    tool = Text(ref value);
                    break;
                case "name":
                    name = Text(ref value);
                    break;
            }
        });

        return type switch
        {
            null => throw new JsonException("a tool kind has no 'type'"),
            ToolCallKindType.Mcp => ToolCallKind.ForMcp(
                server ?? throw new JsonException("an mcp tool kind has no 'server'"),
                tool ?? throw new JsonException("an mcp tool kind has no 'tool'")),
            ToolCallKindType.Other => ToolCallKind.ForOther(name ?? throw new JsonException("a tool kind 'other' has no 'name'")),
            _ => ToolCallKind.Of(type.Value),
        };
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ToolCallKind value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, WireEnum<ToolCallKindType>.Name(value.Type));
        if (value.Type == ToolCallKindType.Mcp)
        {
            writer.WriteString("server"u8, value.Server);
            writer.WriteString("tool"u8, value.Tool);
        }
        else if (value.Type == ToolCallKindType.Other)
        {
            writer.WriteString("name"u8, value.Name);
        }

        writer.WriteEndObject();
    }

    // Another kind may use the same member name for something else, so only text counts.
    private static string? Text(ref Utf8JsonReader value) => value.TokenType == JsonTokenType.String ? value.GetString() : null;
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace RolloutTrace.Payloads;

/// <summary>Writes a tool's input as the inner object of a <c>tool_invocation</c>.</summary>
internal sealed class ToolInputConverter : JsonConverter<ToolInput>
{
    public override ToolInput Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("tool inputs are written only");

    public override void Write(Utf8JsonWriter writer, ToolInput value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        switch (value.Type)
        {
            case ToolInputType.Function:
                // Arguments are text in the format, whatever they were given as. If there is no text the arguments could not
                // be serialised: they fail here again, where the recorder meets it.
                writer.WriteString("type"u8, "function"u8);
                writer.WriteString("arguments"u8, value.Text ?? value.Json.ToString());
                break;
            case ToolInputType.Custom:
                writer.WriteString("type"u8, "custom"u8);
                writer.WriteString("input"u8, value.Text);
                break;
            case ToolInputType.ToolSearch:
                writer.WriteString("type"u8, "tool_search"u8);
                writer.WritePropertyName("arguments"u8);
                value.Json.WriteTo(writer);
                break;
            case ToolInputType.LocalShell:
                WriteLocalShell(writer, value);
                break;
        }

        writer.WriteEndObject();
    }

    private static void WriteLocalShell(Utf8JsonWriter writer, in ToolInput value)
    {
        writer.WriteString("type"u8, "local_shell"u8);
        writer.WriteStartArray("command"u8);
        foreach (var part in value.Command!)
        {
            writer.WriteStringValue(part);
        }

        writer.WriteEndArray();
        writer.WriteString("workdir"u8, value.WorkingDirectory);
        if (value.Timeout is { } timeout)
        {
            writer.WriteNumber("timeout_ms"u8, (long)timeout.TotalMilliseconds);
        }
        else
        {
            writer.WriteNull("timeout_ms"u8);
        }
    }
}

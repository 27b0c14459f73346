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
                // Arguments are text in the format, whatever they were given as. Where there is no text yet they are long, or
                // could not be serialised: then they fail here again, where the recorder meets it.
                writer.WriteString("type"u8, "function"u8);
                writer.WritePropertyName("arguments"u8);
                WriteAsText(writer, value);
                break;
            case ToolInputType.Custom:
                writer.WriteString("type"u8, "custom"u8);
                writer.WritePropertyName("input"u8);
                LongText.Write(writer, value.Text);
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

    private static void WriteAsText(Utf8JsonWriter writer, in ToolInput value)
    {
        if (value.Text is { } text)
        {
            LongText.Write(writer, text);
        }
        else if (value.Json.IsStringValue)
        {
            value.Json.WriteTo(writer);
        }
        else
        {
            value.Json.WriteTo(new TextOutput(writer));
            writer.WriteStringValueSegment(ReadOnlySpan<byte>.Empty, isFinalSegment: true);
        }
    }

    private static void WriteLocalShell(Utf8JsonWriter writer, in ToolInput value)
    {
        writer.WriteString("type"u8, "local_shell"u8);
        writer.WriteStartArray("command"u8);
        foreach (var part in value.Command!)
        {
            LongText.Write(writer, part);
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

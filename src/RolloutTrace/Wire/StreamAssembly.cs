using System.Buffers;
using System.Text;
using System.Text.Json;
using RolloutTrace.Payloads;

namespace RolloutTrace.Wire;

/// <summary>
/// Puts the events of a stream together to the response that the API would have given without streaming. What had arrived of one that
/// broke off is in it.
/// </summary>
internal abstract class StreamAssembly
{
    /// <summary>Whether all texts were valid Unicode; U+FFFD stands for what was not.</summary>
    public bool IsSound { get; private set; } = true;

    /// <summary>Takes the next event. What it does not know is nothing.</summary>
    public abstract void Add(JsonElement streamed);

    /// <summary>The response; valid as long as anybody holds it.</summary>
    public JsonElement Finish()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, PayloadJson.WriterOptions))
        {
            writer.WriteStartObject();
            Write(writer);
            writer.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    /// <summary>Writes the members of the response.</summary>
    protected abstract void Write(Utf8JsonWriter writer);

    /// <summary>Adds the text of a string; anything else adds nothing.</summary>
    protected StringBuilder? Append(StringBuilder? text, JsonElement delta)
    {
        if (JsonText.Read(delta, out var isSound) is not { } more)
        {
            return text;
        }

        IsSound &= isSound;
        return (text ?? new StringBuilder()).Append(more);
    }

    /// <summary>Writes a member as it stood in an event; nothing if it is undefined.</summary>
    protected static void Write(Utf8JsonWriter writer, string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Undefined)
        {
            writer.WritePropertyName(name);
            WriteRaw(writer, value);
        }
    }

    /// <summary>Writes a text that was put together; nothing if there was none.</summary>
    protected static void Write(Utf8JsonWriter writer, string name, StringBuilder? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text.ToString());
        }
    }

    /// <summary>Writes all members of an object but those.</summary>
    protected static void WriteBut(Utf8JsonWriter writer, JsonElement value, params ReadOnlySpan<string> left)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var member in value.EnumerateObject())
        {
            var name = JsonText.Name(member, out _);
            if (!left.Contains(name))
            {
                Write(writer, name, member.Value);
            }
        }
    }

    protected static void WriteRaw(Utf8JsonWriter writer, JsonElement value) =>
        writer.WriteRawValue(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
}

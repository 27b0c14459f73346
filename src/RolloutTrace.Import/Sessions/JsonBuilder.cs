using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using RolloutTrace.Payloads;

namespace RolloutTrace.Import.Sessions;

/// <summary>Makes documents.</summary>
internal static class JsonBuilder
{
    /// <summary>The document that a function writes.</summary>
    public static ReadOnlyMemory<byte> Make(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, PayloadJson.WriterOptions))
        {
            write(writer);
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Writes a member whose value is a document.</summary>
    public static void WriteRaw(this Utf8JsonWriter writer, string name, ReadOnlyMemory<byte> json)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(json.Span, skipInputValidation: true);
    }

    /// <summary>Writes a value byte for byte as it was read, whatever is in its texts.</summary>
    public static void WriteAsRead(this Utf8JsonWriter writer, JsonElement value) =>
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);

    /// <summary>Writes a member that is a list of items.</summary>
    public static void WriteItems(this Utf8JsonWriter writer, string name, IEnumerable<HistoryItem> items)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            writer.WriteRawValue(item.Json.Span, skipInputValidation: true);
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes the member <c>token_usage</c>.</summary>
    public static void WriteUsage(this Utf8JsonWriter writer, TokenUsage usage)
    {
        writer.WriteStartObject("token_usage");
        writer.WriteNumber("input_tokens", usage.InputTokens);
        writer.WriteNumber("cached_input_tokens", usage.CachedInputTokens);
        writer.WriteNumber("cache_write_input_tokens", usage.CacheWriteInputTokens);
        writer.WriteNumber("output_tokens", usage.OutputTokens);
        writer.WriteNumber("reasoning_output_tokens", usage.ReasoningOutputTokens);
        writer.WriteEndObject();
    }
}

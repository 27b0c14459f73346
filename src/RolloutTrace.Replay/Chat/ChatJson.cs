using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace RolloutTrace.Replay.Chat;

/// <summary>JSON of what programs give chat clients.</summary>
internal static class ChatJson
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>What <paramref name="write"/> writes.</summary>
    public static JsonElement Document(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            write(json);
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    /// <summary>A value as JSON text; of a value without a contract its text, as a JSON string.</summary>
    public static string Text(object? value, Type? declared = null)
    {
        try
        {
            return value is null ? "null" : JsonSerializer.Serialize(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(declared ?? value.GetType()));
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException or JsonException or ArgumentException)
        {
            return JsonSerializer.Serialize(value!.ToString() ?? "", AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(string)));
        }
    }
}

using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace RolloutTrace.Extensions.AI.Content;

/// <summary>The JSON of values of any type, by the contracts that the framework itself sends them by. What has none is its text.</summary>
internal static class AnyJson
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>A document as bytes.</summary>
    public static ReadOnlyMemory<byte> Document(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Writing))
        {
            write(json);
        }

        return buffer.WrittenMemory;
    }

    /// <summary>The value as JSON text without spaces between its parts, as models write it.</summary>
    public static string Compact(object value) => Encoding.UTF8.GetString(Document(json => Write(json, value)).Span);

    /// <summary>The value as JSON text, as the framework's clients send it; of a value without a contract its text, as a JSON string.</summary>
    public static string Text(object value)
    {
        try
        {
            return JsonSerializer.Serialize(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(value.GetType()));
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException or JsonException or ArgumentException)
        {
            return JsonSerializer.Serialize(value.ToString() ?? string.Empty, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(string)));
        }
    }

    /// <summary>Writes a value.</summary>
    public static void Write(Utf8JsonWriter json, object? value, Type? declared = null)
    {
        if (value is null)
        {
            json.WriteNullValue();
            return;
        }

        ReadOnlyMemory<byte> text;
        try
        {
            text = Document(own => JsonSerializer.Serialize(own, value, AIJsonUtilities.DefaultOptions.GetTypeInfo(declared ?? value.GetType())));
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException or JsonException or ArgumentException)
        {
            json.WriteStringValue(value.ToString());
            return;
        }

        json.WriteRawValue(text.Span, skipInputValidation: true);
    }

    /// <summary>Writes a content of any kind, with the name of its kind where items and parts have it.</summary>
    public static void WriteContent(Utf8JsonWriter json, AIContent content)
    {
        var element = JsonSerializer.SerializeToElement(content, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(AIContent)));
        json.WriteStartObject();
        foreach (var member in element.EnumerateObject())
        {
            json.WritePropertyName(member.Name == "$type" ? "type" : member.Name);
            member.Value.WriteTo(json);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes a member, unless there is nothing to say.</summary>
    public static void WriteMember(Utf8JsonWriter json, string name, AdditionalPropertiesDictionary? values)
    {
        if (values is not { Count: > 0 })
        {
            return;
        }

        json.WriteStartObject(name);
        foreach (var (key, value) in values)
        {
            json.WritePropertyName(key);
            Write(json, value);
        }

        json.WriteEndObject();
    }
}

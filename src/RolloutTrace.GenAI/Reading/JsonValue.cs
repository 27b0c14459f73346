using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using RolloutTrace.Bundle;
using RolloutTrace.Payloads;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Reading;

/// <summary>Values of attributes, which may be text, numbers, lists, JSON as text, or JSON. Nothing here throws, whatever a value is.</summary>
internal static class JsonValue
{
    /// <summary>Longest JSON text that is read; what is longer is kept as text.</summary>
    public const int MaxText = 16 << 20;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = BundleReaderOptions.MaxDepth - 8, AllowTrailingCommas = true };

    /// <summary>A value as text: a string's characters, a number as JSON has it, null for none.</summary>
    public static string? Text(object? value) => value switch
    {
        null => null,
        string text => text,
        bool flag => flag ? "true" : "false",
        JsonElement { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => null,
        JsonElement { ValueKind: JsonValueKind.String } element => JsonText.Read(element, out _),
        JsonElement element => Compact(element),
        IFormattable number => Printed(number),
        _ => null,
    };

    /// <summary>A value as JSON: what it is, or what its text says. Null if it is neither.</summary>
    public static JsonElement? Json(object? value)
    {
        switch (value)
        {
            case JsonElement { ValueKind: JsonValueKind.String } text:
                return Parse(JsonText.Read(text, out _)) ?? text;
            case JsonElement { ValueKind: not JsonValueKind.Undefined } element:
                return element;
            case string text:
                return Parse(text);
            case null:
                return null;
            default:
                return Parse(Encoding.UTF8.GetString(Written(writer => Write(writer, value))));
        }
    }

    /// <summary>JSON from text; null if it is none, or longer than <see cref="MaxText"/>.</summary>
    public static JsonElement? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxText)
        {
            return null;
        }

        try
        {
            return JsonElement.Parse(text, Options);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>An integer; null if it is none.</summary>
    public static long? Integer(object? value)
    {
        switch (value)
        {
            case int i:
                return i;
            case long l:
                return l;
            default:
                return double.TryParse(Text(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                    && number is >= long.MinValue and <= 9e18 ? (long)number : null;
        }
    }

    /// <summary>JSON without white space, escaped as little as JSON allows.</summary>
    public static string Compact(JsonElement element)
    {
        try
        {
            return Encoding.UTF8.GetString(Written(element.WriteTo));
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            return element.GetRawText();
        }
    }

    /// <summary>Writes a value as JSON: text stays text.</summary>
    public static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case float number when float.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            case decimal number:
                writer.WriteNumberValue(number);
                break;
            case byte or sbyte or short or ushort or uint or ulong:
                writer.WriteRawValue(Text(value)!, skipInputValidation: true);
                break;
            case JsonElement { ValueKind: not JsonValueKind.Undefined } element:
                WriteElement(writer, element);
                break;
            case Array list:
                writer.WriteStartArray();
                foreach (var entry in list)
                {
                    Write(writer, entry);
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteStringValue(Text(value));
                break;
        }
    }

    /// <summary>Writes JSON without white space. What its strings have that is no text is U+FFFD.</summary>
    public static void WriteElement(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject())
                {
                    writer.WritePropertyName(JsonText.Name(member, out _));
                    WriteElement(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var entry in element.EnumerateArray())
                {
                    WriteElement(writer, entry);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(JsonText.Read(element, out _));
                break;
            case JsonValueKind.Undefined:
                writer.WriteNullValue();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    /// <summary>What is written, in bytes of UTF-8.</summary>
    public static byte[] Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, PayloadJson.WriterOptions))
        {
            write(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    // A type of somebody else's may do anything in its formatting.
    private static string? Printed(IFormattable number)
    {
        try
        {
            return number.ToString(format: null, CultureInfo.InvariantCulture);
        }
        catch (Exception)
        {
            return null;
        }
    }
}

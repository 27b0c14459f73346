using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Content;

/// <summary>Writes JSON values of the wire as content, none longer than a limit.</summary>
internal static class ContentJson
{
    // A cut document takes as much at least.
    private const int Shortest = 16;

    /// <summary>Writes a value as it is.</summary>
    public static void Write(Utf8JsonWriter writer, JsonElement value, int maxText)
    {
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            writer.WriteNullValue();
        }
        else if (value.ValueKind == JsonValueKind.String)
        {
            writer.WriteStringValue(JsonCut.Text(JsonText.Read(value, out _) ?? "", maxText));
        }
        else
        {
            WriteDocument(writer, JsonMarshal.GetRawUtf8Value(value), maxText);
        }
    }

    /// <summary>Writes a value; of a string that holds a JSON object or list, that.</summary>
    public static void WriteText(Utf8JsonWriter writer, JsonElement value, int maxText)
    {
        if (JsonText.Read(value, out _) is { } text && TryDocument(text) is { } document)
        {
            WriteDocument(writer, document, maxText);
        }
        else
        {
            Write(writer, value, maxText);
        }
    }

    /// <summary>Writes what a tool gave: a text, what is in it if that is JSON, or a list of parts in the conventions' words.</summary>
    public static void WriteResult(Utf8JsonWriter writer, JsonElement value, int maxText)
    {
        if (value.ValueKind != JsonValueKind.Array || !IsContent(value))
        {
            WriteText(writer, value, maxText);
        }
        else if (value.GetArrayLength() == 1 && TextOf(value[0]) is { ValueKind: JsonValueKind.String } single)
        {
            WriteText(writer, single, maxText);
        }
        else
        {
            writer.WriteStartArray();
            foreach (var part in value.EnumerateArray())
            {
                (TextOf(part) is { ValueKind: JsonValueKind.String } text ? GenAIPart.Text(text) : GenAIPart.Source(part, label: null)).WriteTo(writer, maxText);
            }

            writer.WriteEndArray();
        }
    }

    /// <summary>Writes an object with a type, which it has however short it is cut.</summary>
    public static void WriteObject(Utf8JsonWriter writer, JsonElement value, int maxText)
    {
        if (JsonMarshal.GetRawUtf8Value(value).Length <= maxText)
        {
            Write(writer, value, maxText);
            return;
        }

        writer.WriteStartObject();
        foreach (var member in value.EnumerateObject())
        {
            writer.WritePropertyName(Spans.SpanTags.Cut(JsonText.Name(member, out _)));
            Write(writer, member.Value, Math.Max(maxText / 2, Shortest));
        }

        writer.WriteEndObject();
    }

    /// <summary>The JSON object or list that a text is, in UTF-8; null if it is none.</summary>
    public static byte[]? TryDocument(string text)
    {
        if (text.AsSpan().TrimStart() is not ['{' or '[', ..])
        {
            return null;
        }

        var utf8 = Encoding.UTF8.GetBytes(text);
        try
        {
            var reader = new Utf8JsonReader(utf8);
            while (reader.Read())
            {
            }

            return utf8;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void WriteDocument(Utf8JsonWriter writer, ReadOnlySpan<byte> document, int maxText)
    {
        if (document.Length <= maxText)
        {
            writer.WriteRawValue(document, skipInputValidation: true);
        }
        else
        {
            writer.WriteRawValue(JsonCut.Cut(document, Math.Max(maxText, Shortest)), skipInputValidation: true);
        }
    }

    private static JsonElement? TextOf(JsonElement part) => JsonText.MemberOrNull(part, "type") is "text" or "input_text" or "output_text" ? JsonText.Member(part, "text") : null;

    // A tool may give any list; one of parts of messages alone is content.
    private static bool IsContent(JsonElement list)
    {
        foreach (var part in list.EnumerateArray())
        {
            if (JsonText.MemberOrNull(part, "type") is not ("text" or "input_text" or "output_text" or "image" or "image_url" or "input_image" or "document" or "file" or "input_file" or "input_audio"))
            {
                return false;
            }
        }

        return list.GetArrayLength() > 0;
    }
}

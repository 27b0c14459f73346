using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.Content;

/// <summary>
/// Images, sounds and files in messages of any API, as the conventions have them: the data itself, where it is, or the id of a file. What
/// is none of these stands as it is on the wire.
/// </summary>
internal static class MediaPart
{
    private const string Document = "document";

    /// <param name="writer">Where to.</param>
    /// <param name="part">The part on the wire.</param>
    /// <param name="label">What it is, where it does not say so.</param>
    /// <param name="maxText">The most bytes of each text in it.</param>
    public static void Write(Utf8JsonWriter writer, JsonElement part, string? label, int maxText)
    {
        var type = JsonText.MemberOrNull(part, "type");
        var wrote = type switch
        {
            "input_image" or "image_url" => Url(writer, "image", Either(part, "image_url", "url"), maxText) || File(writer, "image", part),
            "input_audio" => Data(writer, "audio", Mime("audio/", JsonText.Member(part, "input_audio"), "format"), JsonText.Member(JsonText.Member(part, "input_audio"), "data"), maxText),
            "input_file" => Url(writer, Document, JsonText.Member(part, "file_data"), maxText) || Url(writer, Document, JsonText.Member(part, "file_url"), maxText) || File(writer, Document, part),
            "file" when JsonText.Member(part, "file") is { ValueKind: JsonValueKind.Object } file => Url(writer, Document, JsonText.Member(file, "file_data"), maxText) || File(writer, Document, file),
            "image" or Document when JsonText.Member(part, "source") is { ValueKind: JsonValueKind.Object } source => Source(writer, type, source, maxText),
            null => Gemini(writer, part, maxText),
            _ => false,
        };
        if (!wrote)
        {
            WriteAsItIs(writer, part, type, label, maxText);
        }
    }

    // Anthropic's.
    private static bool Source(Utf8JsonWriter writer, string modality, JsonElement source, int maxText) => JsonText.MemberOrNull(source, "type") switch
    {
        "base64" => Data(writer, modality, JsonText.MemberOrNull(source, "media_type"), JsonText.Member(source, "data"), maxText),
        "url" => Url(writer, modality, JsonText.Member(source, "url"), maxText),
        "file" => File(writer, modality, source),
        _ => false,
    };

    private static bool Gemini(Utf8JsonWriter writer, JsonElement part, int maxText)
    {
        if (Member(part, "inlineData", "inline_data") is { ValueKind: JsonValueKind.Object } data)
        {
            var mime = JsonText.OrNull(Member(data, "mimeType", "mime_type"));
            return Data(writer, ModalityOf(mime), mime, JsonText.Member(data, "data"), maxText);
        }

        if (Member(part, "fileData", "file_data") is { ValueKind: JsonValueKind.Object } file)
        {
            var mime = JsonText.OrNull(Member(file, "mimeType", "mime_type"));
            return Uri(writer, ModalityOf(mime), mime, JsonText.OrNull(Member(file, "fileUri", "file_uri")), maxText);
        }

        return false;
    }

    // A URL may hold the data itself.
    private static bool Url(Utf8JsonWriter writer, string modality, JsonElement url, int maxText)
    {
        if (JsonText.OrNull(url) is not { Length: > 0 } text)
        {
            return false;
        }

        if (!text.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return Uri(writer, modality, mime: null, text, maxText);
        }

        var comma = text.IndexOf(',', StringComparison.Ordinal);
        var head = comma < 0 ? "" : text[5..comma];
        var mime = head.Split(';')[0];
        Blob(writer, modality, mime.Length > 0 ? mime : null, text[(comma < 0 ? 5 : comma + 1)..], maxText);
        return true;
    }

    private static bool Data(Utf8JsonWriter writer, string modality, string? mime, JsonElement data, int maxText)
    {
        if (JsonText.OrNull(data) is not { } text)
        {
            return false;
        }

        Blob(writer, modality, mime, text, maxText);
        return true;
    }

    private static bool Uri(Utf8JsonWriter writer, string modality, string? mime, string? uri, int maxText)
    {
        if (string.IsNullOrEmpty(uri))
        {
            return false;
        }

        Begin(writer, "uri", modality, mime);
        writer.WriteString("uri"u8, JsonCut.Text(uri, maxText));
        writer.WriteEndObject();
        return true;
    }

    private static bool File(Utf8JsonWriter writer, string modality, JsonElement of)
    {
        if (JsonText.MemberOrNull(of, "file_id") is not { Length: > 0 } id)
        {
            return false;
        }

        Begin(writer, "file", modality, mime: null);
        writer.WriteString("file_id"u8, Spans.SpanTags.Cut(id));
        writer.WriteEndObject();
        return true;
    }

    private static void Blob(Utf8JsonWriter writer, string modality, string? mime, string content, int maxText)
    {
        Begin(writer, "blob", modality, mime);
        writer.WriteString("content"u8, JsonCut.Text(content, maxText));
        writer.WriteEndObject();
    }

    private static void Begin(Utf8JsonWriter writer, string type, string modality, string? mime)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, type);
        writer.WriteString("modality"u8, modality);
        if (mime is not null)
        {
            writer.WriteString("mime_type"u8, Spans.SpanTags.Cut(mime));
        }
    }

    private static void WriteAsItIs(Utf8JsonWriter writer, JsonElement part, string? type, string? label, int maxText)
    {
        // A type of the conventions' own promises members that are not there.
        if (type is not null && (!IsConventions(type) || IsWhole(part, type)))
        {
            ContentJson.WriteObject(writer, part, maxText);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type"u8, IsConventions(label ?? "content") ? "content" : label ?? "content");
        writer.WritePropertyName("content"u8);
        ContentJson.Write(writer, part, maxText);
        writer.WriteEndObject();
    }

    private static bool IsConventions(string type) => type is
        "text" or "reasoning" or "tool_call" or "tool_call_response" or "server_tool_call" or "server_tool_call_response" or "blob" or "uri" or "file";

    private static bool IsWhole(JsonElement part, string type) =>
        type is "blob" or "uri" or "file"
        && JsonText.MemberOrNull(part, "modality") is not null
        && JsonText.MemberOrNull(part, type switch { "blob" => "content", "uri" => "uri", _ => "file_id" }) is not null;

    private static JsonElement Either(JsonElement part, string member, string inner) =>
        JsonText.Member(part, member) is { ValueKind: JsonValueKind.Object } group ? JsonText.Member(group, inner) : JsonText.Member(part, member);

    private static JsonElement Member(JsonElement part, string name, string snake) =>
        JsonText.Member(part, name) is { ValueKind: not JsonValueKind.Undefined } value ? value : JsonText.Member(part, snake);

    private static string? Mime(string family, JsonElement part, string member) => JsonText.MemberOrNull(part, member) is { Length: > 0 } format ? family + format : null;

    private static string ModalityOf(string? mime) => mime?.Split('/')[0] switch
    {
        "image" => "image",
        "audio" => "audio",
        "video" => "video",
        _ => Document,
    };
}

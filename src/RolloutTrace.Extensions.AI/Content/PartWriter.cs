using System.Text.Json;
using Microsoft.Extensions.AI;

namespace RolloutTrace.Extensions.AI.Content;

/// <summary>Writes what stands inside a message: texts, images, sounds, files. What it has no form for is written as it is.</summary>
internal static class PartWriter
{
    /// <summary>Whether a content stands inside a message; what does not is an item of its own.</summary>
    public static bool IsPart(AIContent content) =>
        content is TextContent or DataContent or UriContent or HostedFileContent or ErrorContent;

    /// <summary>Writes one part.</summary>
    /// <param name="json">In the list of parts.</param>
    /// <param name="content">The content.</param>
    /// <param name="isOutput">Whether a model said it.</param>
    public static void Write(Utf8JsonWriter json, AIContent content, bool isOutput)
    {
        switch (content)
        {
            case TextContent text:
                WriteText(json, text.Text, isOutput);
                break;
            case ErrorContent error:
                WriteError(json, error);
                break;
            case DataContent data:
                WriteFile(json, data.Uri, data.MediaType, data.Name, isInline: true);
                break;
            case UriContent uri:
                WriteFile(json, uri.Uri.ToString(), uri.MediaType, name: null, isInline: false);
                break;
            case HostedFileContent file:
                json.WriteStartObject();
                json.WriteString("type"u8, "input_file");
                json.WriteString("file_id"u8, file.FileId);
                json.WriteEndObject();
                break;
            default:
                AnyJson.WriteContent(json, content);
                break;
        }
    }

    private static void WriteText(Utf8JsonWriter json, string? text, bool isOutput)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, isOutput ? "output_text" : "input_text");
        json.WriteString("text"u8, text ?? string.Empty);
        json.WriteEndObject();
    }

    // A refusal is what it mostly is; the model said it.
    private static void WriteError(Utf8JsonWriter json, ErrorContent error)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "refusal");
        json.WriteString("refusal"u8, error.Message ?? string.Empty);
        if (error.ErrorCode is not null)
        {
            json.WriteString("code"u8, error.ErrorCode);
        }

        if (error.Details is not null)
        {
            json.WriteString("details"u8, error.Details);
        }

        json.WriteEndObject();
    }

    private static void WriteFile(Utf8JsonWriter json, string uri, string? mediaType, string? name, bool isInline)
    {
        json.WriteStartObject();
        if (mediaType?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) == true)
        {
            json.WriteString("type"u8, "input_image");
            json.WriteString("image_url"u8, uri);
        }
        else
        {
            json.WriteString("type"u8, "input_file");
            json.WriteString(isInline ? "file_data"u8 : "file_url"u8, uri);
            if (name is not null)
            {
                json.WriteString("filename"u8, name);
            }

            if (mediaType is not null)
            {
                json.WriteString("media_type"u8, mediaType);
            }
        }

        json.WriteEndObject();
    }
}

using System.Text.Json;
using Microsoft.Extensions.AI;

namespace RolloutTrace.Replay.Chat;

/// <summary>Messages of a chat client as items of the Responses API. Reasoning is left out: it does not count when a request is recognised.</summary>
internal static class ChatItemJson
{
    public static void Write(Utf8JsonWriter json, ChatMessage message)
    {
        var isOpen = false;
        var hasItem = false;
        foreach (var content in message.Contents)
        {
            switch (content)
            {
                case UsageContent or TextReasoningContent:
                    hasItem |= content is TextReasoningContent;
                    continue;
                case TextContent or DataContent or UriContent or HostedFileContent or ErrorContent:
                    Open(json, message, ref isOpen);
                    WritePart(json, content);
                    break;
                default:
                    Close(json, ref isOpen);
                    WriteItem(json, content);
                    break;
            }

            hasItem = true;
        }

        if (!hasItem && message.Role != ChatRole.Tool)
        {
            Open(json, message, ref isOpen);
        }

        Close(json, ref isOpen);
    }

    private static void Open(Utf8JsonWriter json, ChatMessage message, ref bool isOpen)
    {
        if (!isOpen)
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "message");
            json.WriteString("role"u8, message.Role.Value);
            json.WriteStartArray("content"u8);
            isOpen = true;
        }
    }

    private static void Close(Utf8JsonWriter json, ref bool isOpen)
    {
        if (isOpen)
        {
            json.WriteEndArray();
            json.WriteEndObject();
            isOpen = false;
        }
    }

    private static void WriteItem(Utf8JsonWriter json, AIContent content)
    {
        json.WriteStartObject();
        switch (content)
        {
            case FunctionCallContent call:
                WriteCall(json, call.CallId, call.Name, call.Arguments);
                break;
            case McpServerToolCallContent call:
                WriteCall(json, call.CallId, call.Name, call.Arguments);
                break;
            case FunctionResultContent result:
                WriteOutput(json, result.CallId, result.Result ?? (result.Exception is { } e ? $"Error: {e.Message}" : null));
                break;
            case McpServerToolResultContent result:
                WriteOutput(json, result.CallId, result.Outputs);
                break;
            default:
                WriteOther(json, content);
                break;
        }

        json.WriteEndObject();
    }

    // What was replayed as it was recorded is recognised as such.
    private static void WriteOther(Utf8JsonWriter json, AIContent content)
    {
        var element = content.RawRepresentation is JsonElement { ValueKind: JsonValueKind.Object } recorded
            ? recorded
            : JsonSerializer.SerializeToElement(content, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(AIContent)));
        foreach (var member in element.EnumerateObject())
        {
            json.WritePropertyName(member.Name == "$type" ? "type" : member.Name);
            member.Value.WriteTo(json);
        }
    }

    private static void WriteCall(Utf8JsonWriter json, string callId, string? name, object? arguments)
    {
        json.WriteString("type"u8, "function_call");
        json.WriteString("call_id"u8, callId);
        json.WriteString("name"u8, name);
        json.WriteString("arguments"u8, arguments is null ? "{}" : ChatJson.Text(arguments));
    }

    private static void WriteOutput(Utf8JsonWriter json, string callId, object? result)
    {
        json.WriteString("type"u8, "function_call_output");
        json.WriteString("call_id"u8, callId);
        if (result is AIContent single and not TextContent)
        {
            result = (AIContent[])[single];
        }

        if (result is IEnumerable<AIContent> contents)
        {
            json.WriteStartArray("output"u8);
            foreach (var content in contents)
            {
                WritePart(json, content);
            }

            json.WriteEndArray();
            return;
        }

        json.WriteString("output"u8, result switch
        {
            null => "",
            string text => text,
            TextContent text => text.Text,
            _ => ChatJson.Text(result),
        });
    }

    private static void WritePart(Utf8JsonWriter json, AIContent content)
    {
        json.WriteStartObject();
        switch (content)
        {
            case TextContent text:
                Write(json, "input_text", "text", text.Text);
                break;
            case ErrorContent error:
                Write(json, "refusal", "refusal", error.Message);
                break;
            case DataContent data when data.HasTopLevelMediaType("image"):
                Write(json, "input_image", "image_url", data.Uri);
                break;
            case DataContent data:
                Write(json, "input_file", "file_data", data.Uri);
                break;
            case UriContent uri when uri.HasTopLevelMediaType("image"):
                Write(json, "input_image", "image_url", uri.Uri.ToString());
                break;
            case UriContent uri:
                Write(json, "input_file", "file_url", uri.Uri.ToString());
                break;
            case HostedFileContent file:
                Write(json, "input_file", "file_id", file.FileId);
                break;
            default:
                WriteOther(json, content);
                break;
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string type, string name, string? value)
    {
        json.WriteString("type"u8, type);
        json.WriteString(name, value ?? "");
    }
}

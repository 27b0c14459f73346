using System.Text.Json;
using Microsoft.Extensions.AI;

namespace RolloutTrace.Extensions.AI.Content;

/// <summary>
/// Writes messages as items of the Responses API, which every reader of bundles knows: the texts and files of a message as one message
/// item, calls, results and reasoning as items of their own, all in the order in which they stand in the message.
/// </summary>
internal static class ItemWriter
{
    private static readonly ChatRole[] KnownRoles = [ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.Tool];

    /// <summary>Writes the items of messages into the list that the writer is in.</summary>
    public static void Write(Utf8JsonWriter json, IEnumerable<ChatMessage> messages)
    {
        ChatMessage? before = null;
        foreach (var message in messages)
        {
            if (before is not null && !IsLeft(before, message))
            {
                Write(json, before);
            }

            before = message;
        }

        if (before is not null)
        {
            Write(json, before);
        }
    }

    public static void Write(Utf8JsonWriter json, ChatMessage message)
    {
        var isOpen = false;
        var hasItem = false;
        foreach (var content in message.Contents)
        {
            if (content is UsageContent || IsEmpty(content, message))
            {
                continue;
            }

            if (PartWriter.IsPart(content))
            {
                if (!isOpen)
                {
                    Open(json, message);
                    isOpen = true;
                }

                PartWriter.Write(json, content, message.Role == ChatRole.Assistant);
            }
            else
            {
                Close(json, ref isOpen);
                WriteItem(json, content);
            }

            hasItem = true;
        }

        if (!hasItem && message.Role != ChatRole.Tool)
        {
            Open(json, message);
            isOpen = true;
        }

        Close(json, ref isOpen);
    }

    /// <summary>The result of a tool as the model gets it.</summary>
    public static void WriteOutput(Utf8JsonWriter json, string callId, object? result)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function_call_output");
        json.WriteString("call_id"u8, callId);
        WriteResult(json, result);
        json.WriteEndObject();
    }

    /// <summary>Whether a content is a text that says nothing.</summary>
    public static bool SaysNothing(AIContent content) => content is TextContent { Text: null or "" };

    // Streams begin with a text that says nothing before the calls that follow.
    private static bool IsEmpty(AIContent content, ChatMessage message) =>
        SaysNothing(content) && message.Role == ChatRole.Assistant && message.Contents.Any(static other => other is not UsageContent && !SaysNothing(other));

    // Function invocation leaves such a text as a message of its own where the calls beside it were held back.
    private static bool IsLeft(ChatMessage message, ChatMessage next) =>
        message.Role == ChatRole.Assistant && next.Role == ChatRole.Assistant && message.Contents.Count > 0 && message.Contents.All(SaysNothing)
        && next.Contents.Any(static content => content is FunctionCallContent or ToolApprovalRequestContent);

    private static void Open(Utf8JsonWriter json, ChatMessage message)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "message");
        json.WriteString("role"u8, NameOf(message.Role));
        if (!string.IsNullOrEmpty(message.AuthorName))
        {
            json.WriteString("name"u8, message.AuthorName);
        }

        AnyJson.WriteMember(json, "additional_properties", message.AdditionalProperties);
        json.WriteStartArray("content"u8);
    }

    // Roles are equal however they are spelled, and some clients spell them with a capital.
    private static string NameOf(ChatRole role)
    {
        foreach (var known in KnownRoles)
        {
            if (known == role)
            {
                return known.Value;
            }
        }

        return role.Value;
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
        switch (content)
        {
            case TextReasoningContent reasoning:
                WriteReasoning(json, reasoning);
                break;
            case FunctionCallContent call:
                WriteCall(json, call.CallId, call.Name, call.Arguments);
                break;
            case FunctionResultContent result:
                WriteOutput(json, result.CallId, result.Result ?? (result.Exception is { } e ? $"Error: {e.Message}" : null));
                break;
            case McpServerToolCallContent call:
                WriteCall(json, call.CallId, call.Name, call.Arguments, call.ServerName);
                break;
            case McpServerToolResultContent result:
                WriteOutput(json, result.CallId, result.Outputs);
                break;
            case WebSearchToolCallContent or CodeInterpreterToolCallContent or ImageGenerationToolCallContent:
                HostedCalls.Ask((ToolCallContent)content, out var name, out var arguments);
                WriteCall(json, ((ToolCallContent)content).CallId, name, arguments);
                break;
            case WebSearchToolResultContent or CodeInterpreterToolResultContent or ImageGenerationToolResultContent:
                WriteOutput(json, ((ToolResultContent)content).CallId, HostedCalls.Outputs((ToolResultContent)content));
                break;
            case ToolApprovalRequestContent request:
                // What a model has asked for, held back until somebody agrees.
                WriteItem(json, request.ToolCall);
                break;
            case ToolApprovalResponseContent:
                // No model sees it: it sees what the call gave, or that it was rejected.
                break;
            default:
                AnyJson.WriteContent(json, content);
                break;
        }
    }

    private static void WriteReasoning(Utf8JsonWriter json, TextReasoningContent reasoning)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "reasoning");
        json.WriteStartArray("summary"u8);
        json.WriteEndArray();
        if (!string.IsNullOrEmpty(reasoning.Text))
        {
            json.WriteStartArray("content"u8);
            json.WriteStartObject();
            json.WriteString("type"u8, "reasoning_text");
            json.WriteString("text"u8, reasoning.Text);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        if (!string.IsNullOrEmpty(reasoning.ProtectedData))
        {
            json.WriteString("encrypted_content"u8, reasoning.ProtectedData);
        }

        AnyJson.WriteMember(json, "additional_properties", reasoning.AdditionalProperties);
        json.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter json, string callId, string name, object? arguments, string? server = null)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function_call");
        json.WriteString("call_id"u8, callId);
        json.WriteString("name"u8, name);
        if (server is not null)
        {
            json.WriteString("server_label"u8, server);
        }

        json.WriteString("arguments"u8, arguments is null ? "{}" : AnyJson.Text(arguments));
        json.WriteEndObject();
    }

    // As the frameworks' clients send it: text as it is, contents as parts, anything else as its JSON.
    private static void WriteResult(Utf8JsonWriter json, object? result)
    {
        switch (result)
        {
            case null:
                json.WriteString("output"u8, string.Empty);
                break;
            case string text:
                json.WriteString("output"u8, text);
                break;
            case TextContent text:
                json.WriteString("output"u8, text.Text);
                break;
            case AIContent content when PartWriter.IsPart(content):
                WriteParts(json, [content]);
                break;
            case IEnumerable<AIContent> contents:
                WriteParts(json, contents);
                break;
            default:
                json.WriteString("output"u8, AnyJson.Text(result));
                break;
        }
    }

    private static void WriteParts(Utf8JsonWriter json, IEnumerable<AIContent> contents)
    {
        json.WriteStartArray("output"u8);
        foreach (var content in contents)
        {
            PartWriter.Write(json, content, isOutput: false);
        }

        json.WriteEndArray();
    }
}

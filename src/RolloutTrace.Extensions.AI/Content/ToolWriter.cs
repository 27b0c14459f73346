using System.Text.Json;
using Microsoft.Extensions.AI;

namespace RolloutTrace.Extensions.AI.Content;

/// <summary>Writes the tools of a request, with their schemas, and how the model may choose among them.</summary>
internal static class ToolWriter
{
    public static void Write(Utf8JsonWriter json, ChatOptions options)
    {
        if (options.Tools is { Count: > 0 } tools)
        {
            json.WriteStartArray("tools"u8);
            foreach (var tool in tools)
            {
                Write(json, tool);
            }

            json.WriteEndArray();
        }

        switch (options.ToolMode)
        {
            case RequiredChatToolMode { RequiredFunctionName: { } name }:
                json.WriteStartObject("tool_choice"u8);
                json.WriteString("type"u8, "function");
                json.WriteString("name"u8, name);
                json.WriteEndObject();
                break;
            case RequiredChatToolMode:
                json.WriteString("tool_choice"u8, "required");
                break;
            case NoneChatToolMode:
                json.WriteString("tool_choice"u8, "none");
                break;
            case AutoChatToolMode:
                json.WriteString("tool_choice"u8, "auto");
                break;
            default:
                break;
        }

        if (options.AllowMultipleToolCalls is { } several)
        {
            json.WriteBoolean("parallel_tool_calls"u8, several);
        }
    }

    private static void Write(Utf8JsonWriter json, AITool tool)
    {
        json.WriteStartObject();
        if (tool is AIFunctionDeclaration function)
        {
            json.WriteString("type"u8, "function");
            json.WriteString("name"u8, function.Name);
            json.WriteString("description"u8, function.Description);
            json.WritePropertyName("parameters"u8);
            function.JsonSchema.WriteTo(json);
        }
        else
        {
            // The service's own tools have names by which it knows them.
            json.WriteString("type"u8, tool.Name);
            if (!string.IsNullOrEmpty(tool.Description))
            {
                json.WriteString("description"u8, tool.Description);
            }

            if (tool is HostedMcpServerTool server)
            {
                json.WriteString("server_label"u8, server.ServerName);
                json.WriteString("server_url"u8, server.ServerAddress);
            }

            foreach (var (name, value) in tool.AdditionalProperties)
            {
                json.WritePropertyName(name);
                AnyJson.Write(json, value);
            }
        }

        json.WriteEndObject();
    }
}

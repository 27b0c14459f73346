using System.Text.Json;
using Microsoft.Extensions.AI;

namespace RolloutTrace.Replay.Chat;

/// <summary>A request of a chat client in the words of the Responses API, by which it is recognised.</summary>
internal static class ChatRequestJson
{
    public static JsonElement Of(IEnumerable<ChatMessage> messages, ChatOptions? options, string? previousResponseId) => ChatJson.Document(json =>
    {
        json.WriteStartObject();
        Text(json, "model", options?.ModelId);
        Text(json, "instructions", options?.Instructions);
        Text(json, "previous_response_id", previousResponseId);
        json.WriteStartArray("input"u8);
        foreach (var message in messages)
        {
            ChatItemJson.Write(json, message);
        }

        json.WriteEndArray();
        if (options is not null)
        {
            WriteTools(json, options);
            WriteParameters(json, options);
        }

        json.WriteEndObject();
    });

    private static void WriteTools(Utf8JsonWriter json, ChatOptions options)
    {
        json.WriteStartArray("tools"u8);
        foreach (var tool in options.Tools ?? [])
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
                json.WriteString("type"u8, tool.Name);
                Text(json, "description", tool.Description);
                Text(json, "server_label", (tool as HostedMcpServerTool)?.ServerName);
                Text(json, "server_url", (tool as HostedMcpServerTool)?.ServerAddress);
                foreach (var (name, value) in tool.AdditionalProperties)
                {
                    Raw(json, name, value);
                }
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
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
        }
    }

    private static void WriteParameters(Utf8JsonWriter json, ChatOptions options)
    {
        Raw(json, "temperature", options.Temperature);
        Raw(json, "top_p", options.TopP);
        Raw(json, "top_k", options.TopK);
        Raw(json, "max_output_tokens", options.MaxOutputTokens);
        Raw(json, "frequency_penalty", options.FrequencyPenalty);
        Raw(json, "presence_penalty", options.PresencePenalty);
        Raw(json, "seed", options.Seed);
        Raw(json, "stop", options.StopSequences is { Count: > 0 } stops ? stops.ToArray() : null);
        Raw(json, "reasoning", options.Reasoning);
        if (options.ResponseFormat is { } format)
        {
            json.WritePropertyName("response_format"u8);
            json.WriteRawValue(ChatJson.Text(format, typeof(ChatResponseFormat)), skipInputValidation: true);
        }
    }

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json.WriteString(name, value);
        }
    }

    private static void Raw(Utf8JsonWriter json, string name, object? value)
    {
        if (value is not null)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(ChatJson.Text(value), skipInputValidation: true);
        }
    }
}

using System.Text.Json;
using Microsoft.Extensions.AI;

namespace RolloutTrace.Extensions.AI.Content;

/// <summary>Writes a request in the form of the Responses API: what the caller gave, under the names that readers know.</summary>
internal static class RequestWriter
{
    /// <summary>The request as a document.</summary>
    /// <param name="messages">The messages as given.</param>
    /// <param name="options">The options as given; may be null.</param>
    /// <param name="model">The model that is asked; null if it is not known.</param>
    /// <param name="previousResponseId">The response that the service continues; null where the messages are all there is.</param>
    public static JsonPayload Write(IEnumerable<ChatMessage> messages, ChatOptions? options, string? model, string? previousResponseId) => AnyJson.Document(json =>
    {
        json.WriteStartObject();
        if (model is not null)
        {
            json.WriteString("model"u8, model);
        }

        if (previousResponseId is not null)
        {
            json.WriteString("previous_response_id"u8, previousResponseId);
        }

        if (!string.IsNullOrEmpty(options?.Instructions))
        {
            json.WriteString("instructions"u8, options.Instructions);
        }

        json.WriteStartArray("input"u8);
        ItemWriter.Write(json, messages);
        json.WriteEndArray();
        if (options is not null)
        {
            ToolWriter.Write(json, options);
            WriteParameters(json, options);
        }

        json.WriteEndObject();
    });

    private static void WriteParameters(Utf8JsonWriter json, ChatOptions options)
    {
        Number(json, "temperature", options.Temperature);
        Number(json, "top_p", options.TopP);
        Number(json, "top_k", options.TopK);
        Number(json, "max_output_tokens", options.MaxOutputTokens);
        Number(json, "frequency_penalty", options.FrequencyPenalty);
        Number(json, "presence_penalty", options.PresencePenalty);
        Number(json, "seed", options.Seed);
        if (options.StopSequences is { Count: > 0 } stops)
        {
            json.WriteStartArray("stop"u8);
            foreach (var stop in stops)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }

        if (options.ConversationId is not null)
        {
            json.WriteString("conversation"u8, options.ConversationId);
        }

        if (options.ResponseFormat is not null)
        {
            json.WritePropertyName("response_format"u8);
            AnyJson.Write(json, options.ResponseFormat, typeof(ChatResponseFormat));
        }

        if (options.Reasoning is not null)
        {
            json.WritePropertyName("reasoning"u8);
            AnyJson.Write(json, options.Reasoning);
        }

        AnyJson.WriteMember(json, "additional_properties", options.AdditionalProperties);
    }

    // As the number reads: what was given as a float is no longer in the trace than it was in the program.
    private static void Number<T>(Utf8JsonWriter json, string name, T? value)
        where T : struct, IFormattable
    {
        if (value is { } given)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(JsonSerializer.Serialize(given, AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(T))), skipInputValidation: true);
        }
    }
}

using System.Text.Json;
using RolloutTrace.GenAI.Reading;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Mapping;

/// <summary>Writes a span's attributes and events as they came, beside what was made of them: nothing is lost in the translation.</summary>
internal static class SpanAttributesJson
{
    // What came of a request stands beside the response, everything else beside the request.
    private static readonly string[] OfResponses =
    [
        "gen_ai.response.", "gen_ai.usage.", "gen_ai.output.messages", "gen_ai.completion", "llm.output_messages.", "llm.token_count.", "llm.usage.",
        "output.", "ai.response.", "ai.usage.", "ai.result.", "error.", "gen_ai.tool.call.result", "ai.toolCall.result", "ai.toolCall.output", "traceloop.entity.output", "langfuse.observation.output", "mlflow.spanOutputs", "genkit:output", "spring.ai.tool.call.result", "response_data",
    ];

    public static bool IsOfResponse(string name)
    {
        foreach (var prefix in OfResponses)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes the attributes of one side as a member; of both if <paramref name="ofResponse"/> is null.</summary>
    public static void Write(Utf8JsonWriter writer, SpanReading reading, bool? ofResponse)
    {
        writer.WriteStartObject(SpanMembers.Attributes);
        foreach (var (name, value) in reading.Tags.All)
        {
            if (ofResponse is null || IsOfResponse(name) == ofResponse)
            {
                writer.WritePropertyName(name);
                WriteBounded(writer, value);
            }
        }

        writer.WriteEndObject();
        WriteEvents(writer, reading, ofResponse);
    }

    private static void WriteEvents(Utf8JsonWriter writer, SpanReading reading, bool? ofResponse)
    {
        var isOpen = false;
        foreach (var happened in reading.Span.Events)
        {
            var isAnswer = happened.Name is "gen_ai.choice" or "gen_ai.content.completion" or "exception";
            if (ofResponse is not null && isAnswer != ofResponse)
            {
                continue;
            }

            if (!isOpen)
            {
                writer.WriteStartArray(SpanMembers.Events);
                isOpen = true;
            }

            writer.WriteStartObject();
            writer.WriteString("name"u8, happened.Name);
            writer.WriteStartObject("attributes"u8);
            foreach (var (name, value) in new TagTable(happened.Attributes).All)
            {
                writer.WritePropertyName(name);
                WriteBounded(writer, value);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        if (isOpen)
        {
            writer.WriteEndArray();
        }
    }

    // A text that no payload could hold is said to have been there.
    private static void WriteBounded(Utf8JsonWriter writer, object? value)
    {
        if (value is string { Length: > JsonValue.MaxText } text)
        {
            writer.WriteStringValue(string.Concat(text.AsSpan(0, 1024), $"...[{text.Length - 1024} more characters]"));
        }
        else
        {
            JsonValue.Write(writer, value);
        }
    }
}

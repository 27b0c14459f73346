using System.Text.Json;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Reading;

/// <summary>An answer of Gemini's as it came, a message a chunk.</summary>
internal static class GeminiChunks
{
    /// <summary>Whether messages are the chunks of one answer: all are the model's, in Gemini's form, or nothing.</summary>
    public static bool In(JsonElement messages)
    {
        if (messages.GetArrayLength() < 2)
        {
            return false;
        }

        foreach (var message in messages.EnumerateArray())
        {
            if (message.ValueKind != JsonValueKind.Null
                && (JsonText.MemberOrNull(message, "role") is not "model" || (Parts(message) is var parts && parts.ValueKind != JsonValueKind.Undefined && !IsList(parts))))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The answer: texts behind each other are one text.</summary>
    public static JsonElement Whole(JsonElement chunks)
    {
        var parts = new List<(string? Text, bool IsThought, JsonElement Other)>();
        foreach (var part in chunks.EnumerateArray().Select(Parts).Where(IsList).SelectMany(static list => list.EnumerateArray()))
        {
            var text = JsonText.MemberOrNull(part, "text");
            var isThought = JsonText.Member(part, "thought").ValueKind == JsonValueKind.True;
            if (text is not null && parts is [.., { Text: { } before } last] && last.IsThought == isThought)
            {
                parts[^1] = (before + text, isThought, default);
            }
            else
            {
                parts.Add((text, isThought, part));
            }
        }

        return JsonElement.Parse(JsonValue.Written(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, "model"u8);
            writer.WriteStartArray("parts"u8);
            foreach (var (text, isThought, other) in parts)
            {
                if (text is null)
                {
                    JsonValue.WriteElement(writer, other);
                }
                else
                {
                    writer.WriteStartObject();
                    writer.WriteString("text"u8, text);
                    writer.WriteBoolean("thought"u8, isThought);
                    writer.WriteEndObject();
                }
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }));
    }

    private static JsonElement Parts(JsonElement message) => JsonText.Member(message, "parts");

    private static bool IsList(JsonElement parts) => parts.ValueKind == JsonValueKind.Array;
}

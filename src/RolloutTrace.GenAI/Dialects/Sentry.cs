using System.Text.Json;
using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Dialects;

/// <summary>Sentry: what a model was given and answered, and a tool's input and output, stand under names of its own beside the conventions'.</summary>
internal sealed class Sentry(string prefix) : ISpanDialect
{
    public string Prefix => prefix;

    public IReadOnlyList<string> Content => ["gen_ai.request.messages", "gen_ai.response.text", "gen_ai.response.tool_calls", "gen_ai.tool.input", "gen_ai.tool.output"];

    public void Translate(ForeignSpan span, TagTable tags, List<SpanTag> into)
    {
        if (tags.Has("gen_ai.tool.name"))
        {
            into.Add(new("gen_ai.tool.call.arguments", tags.Value("gen_ai.tool.input")));
            into.Add(new("gen_ai.tool.call.result", tags.Value("gen_ai.tool.output")));
            return;
        }

        into.AddRange(
        [
            new(SpanDialects.Given, tags.Value("gen_ai.request.messages")),
            new(SpanDialects.Gave, Answer(tags)),
            new("gen_ai.tool.definitions", tags.Json("gen_ai.request.available_tools")),
        ]);
    }

    // The texts of an answer and its calls are apart. It is told as a message, so that a text which is JSON is not taken for a list of messages.
    private static object? Answer(TagTable tags)
    {
        var text = Text(tags);
        var calls = tags.Json("gen_ai.response.tool_calls") is { ValueKind: JsonValueKind.Array } list ? list : (JsonElement?)null;
        return text is null && calls is null ? null : JsonElement.Parse(JsonValue.Written(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, "assistant"u8);
            writer.WriteString("content"u8, text ?? "");
            if (calls is { } asked)
            {
                writer.WritePropertyName("tool_calls"u8);
                JsonValue.WriteElement(writer, asked);
            }

            writer.WriteEndObject();
        }));
    }

    // Several texts are a list. A list of anything else is what the model has written.
    private static string? Text(TagTable tags)
    {
        const string Name = "gen_ai.response.text";
        if (tags.Json(Name) is not { ValueKind: JsonValueKind.Array } list)
        {
            return tags.Text(Name);
        }

        return list.EnumerateArray().All(static text => text.ValueKind == JsonValueKind.String)
            ? string.Concat(list.EnumerateArray().Select(static text => JsonValue.Text(text)))
            : Blocks.TextOf(list) ?? tags.Text(Name) ?? list.GetRawText();
    }
}

using System.Text.Json;
using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Dialects;

/// <summary>Sentry: what a model was given and answered, and a tool's input and output, stand under names of its own beside the conventions'.</summary>
internal sealed class Sentry(string prefix) : ISpanDialect
{
    public string Prefix => prefix;

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

    // The texts of an answer and its calls are apart.
    private static object? Answer(TagTable tags)
    {
        var calls = tags.Json("gen_ai.response.tool_calls");
        var text = tags.Json("gen_ai.response.text") is { ValueKind: JsonValueKind.Array } texts ? Joined(texts) : tags.Text("gen_ai.response.text");
        if (calls is not { ValueKind: JsonValueKind.Array })
        {
            return text;
        }

        return JsonElement.Parse(JsonValue.Written(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("role"u8, "assistant"u8);
            writer.WriteString("content"u8, text ?? "");
            writer.WritePropertyName("tool_calls"u8);
            JsonValue.WriteElement(writer, calls.Value);
            writer.WriteEndObject();
        }));
    }

    private static string Joined(JsonElement texts) => string.Concat(texts.EnumerateArray().Select(static text => text.ValueKind == JsonValueKind.String ? JsonValue.Text(text) : SpanDialects.Of(text, "text") is { } inner ? JsonValue.Text(inner) : null));
}

using RolloutTrace.GenAI.Reading;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Dialects;

/// <summary>Gemini CLI: whatever a span is of, what it was given and what came of it stand under the conventions' names of messages.</summary>
internal sealed class GeminiCli : ISpanDialect
{
    public string Prefix => "gen_ai.tool.call_id";

    public IReadOnlyList<string> Content => [];

    public void Translate(ForeignSpan span, TagTable tags, List<SpanTag> into)
    {
        var (given, gave) = (tags.Json("gen_ai.input.messages"), tags.Json("gen_ai.output.messages"));
        into.AddRange(
        [
            new("gen_ai.tool.call.id", tags.Text("gen_ai.tool.call_id")),
            new("gen_ai.tool.call.arguments", SpanDialects.Of(given, "args")),
            new("gen_ai.tool.call.result", Answer(gave)),
            new("error.type", SpanDialects.Of(gave, "status") is { } status && JsonValue.Text(status) is "error" or "cancelled" ? status : null),
        ]);
    }

    // A tool's own result, or that with what was asked for and how it went.
    private static object? Answer(System.Text.Json.JsonElement? gave)
    {
        var parts = JsonText.Member(JsonText.Member(gave ?? default, "response"), "responseParts");
        return parts.ValueKind == System.Text.Json.JsonValueKind.Array && parts.GetArrayLength() > 0
            ? SpanDialects.Of(parts[0], "functionResponse", "response") ?? parts
            : SpanDialects.Of(gave, "llmContent");
    }
}

using System.Text.Json;
using RolloutTrace.GenAI.Reading;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Dialects;

/// <summary>
/// LiveKit Agents: a request has the chat context and what came of it, a tool its call. What was said stands in newer versions under
/// <c>lk.pii.</c>, so that it can be taken off.
/// </summary>
internal sealed class LiveKit : ISpanDialect
{
    private const string Own = "lk.";
    private const string Personal = "lk.pii.";

    private static readonly string[] Said = ["chat_ctx", "response.text", "response.function_calls", "function_tool.arguments", "function_tool.output", "user_input", "user_transcript", "input_text", "instructions"];

    public string Prefix => Own;

    public IReadOnlyList<string> Content { get; } = [.. Said.Select(static name => Own + name), .. Said.Select(static name => Personal + name)];

    public void Translate(ForeignSpan span, TagTable tags, List<SpanTag> into)
    {
        if (tags.Text(Own + "function_tool.name") is { } tool)
        {
            into.AddRange(
            [
                new(SpanDialects.Kind, "TOOL"),
                new("gen_ai.tool.name", tool),
                new("gen_ai.tool.call.id", tags.Value(Own + "function_tool.id")),
                new("gen_ai.tool.call.arguments", Of(tags, "function_tool.arguments")),
                new("gen_ai.tool.call.result", Of(tags, "function_tool.output")),
                new("error.type", tags.Value(Own + "function_tool.is_error") is true ? "tool_error" : null),
            ]);
        }
        else if (Context(tags) is { } context)
        {
            into.AddRange(
            [
                new(SpanDialects.Kind, "LLM"),
                new(SpanDialects.Given, context),
                new(SpanDialects.Gave, Answer(tags)),
            ]);
        }
        else if (span.Name == "agent_turn")
        {
            into.Add(new(SpanDialects.Kind, "AGENT"));
        }
    }

    private static object? Of(TagTable tags, string name) => tags.Value(Own + name, Personal + name);

    // Beside what the model is shown there stands where another agent took over, and what an agent was set to.
    private static JsonElement? Context(TagTable tags) =>
        JsonText.Member(JsonValue.Json(Of(tags, "chat_ctx")) ?? default, "items") is not { ValueKind: JsonValueKind.Array } items ? null
            : List(items.EnumerateArray().Where(static item => JsonText.MemberOrNull(item, "type") is "message" or "function_call" or "function_call_output"));

    private static JsonElement? Answer(TagTable tags)
    {
        var text = JsonValue.Text(Of(tags, "response.text"));
        JsonElement[] calls = JsonValue.Json(Of(tags, "response.function_calls")) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Select(static call => call.ValueKind == JsonValueKind.String ? JsonValue.Parse(JsonText.Read(call, out _)) ?? call : call)]
            : [];
        var said = string.IsNullOrEmpty(text) ? (JsonElement?)null : JsonElement.Parse(JsonValue.Written(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "message"u8);
            writer.WriteString("role"u8, "assistant"u8);
            writer.WriteString("content"u8, text);
            writer.WriteEndObject();
        }));
        return said is { } message ? List([message, .. calls]) : calls.Length > 0 ? List(calls) : null;
    }

    private static JsonElement List(IEnumerable<JsonElement> entries) => JsonElement.Parse(JsonValue.Written(writer =>
    {
        writer.WriteStartArray();
        foreach (var entry in entries)
        {
            JsonValue.WriteElement(writer, entry);
        }

        writer.WriteEndArray();
    }));
}

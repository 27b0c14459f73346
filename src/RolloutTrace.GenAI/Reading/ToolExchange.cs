using System.Text.Json;
using RolloutTrace.GenAI.Dialects;
using RolloutTrace.GenAI.Items;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Reading;

/// <summary>What a tool was called with and what it gave, from whatever form a span has it in.</summary>
internal static class ToolExchange
{
    /// <summary>Both, null where the span does not tell.</summary>
    public static (object? Arguments, object? Result) Read(TagTable tags, IReadOnlyList<SpanEvent> events)
    {
        // OpenInference's tool.parameters are what a tool can be called with, and only a few put there what it is called with.
        var arguments = tags.Value("gen_ai.tool.call.arguments", "ai.toolCall.args", "ai.toolCall.input", "tool_call.function.arguments", "tool_arguments")
            ?? Named(tags.Value("input.value"))
            ?? Unwrapped(tags.Value("traceloop.entity.input", "gen_ai.prompt"), "inputs", "input_str", "input")
            ?? tags.Value("tool.parameters");
        var result = tags.Value("gen_ai.tool.call.result", "ai.toolCall.result", "ai.toolCall.output", "tool_response", "output.value")
            ?? Unwrapped(tags.Value("traceloop.entity.output", "gen_ai.completion"), "output");
        (arguments, result) = (WholeExchange.IsHidden(arguments) ? null : arguments, WholeExchange.IsHidden(result) ? null : result);
        if (arguments is null || result is null)
        {
            var (given, gave) = Told(tags, events);
            arguments ??= given;
            result ??= gave;
        }

        return (arguments, result);
    }

    // As messages of the call: a call and what it gave, or events of the conventions' older form.
    private static (object? Arguments, object? Result) Told(TagTable tags, IReadOnlyList<SpanEvent> events)
    {
        if (tags.Has("gen_ai.input.messages") || tags.Has("gen_ai.output.messages"))
        {
            var content = ChatContent.Read(tags, events);
            return (
                content.Input.FirstOrDefault(static item => item.Kind == ItemKind.Call)?.Text ?? ArgumentsIn(content.Input),
                content.Output.FirstOrDefault(static item => item.Kind == ItemKind.Output)?.Text ?? content.Output.LastOrDefault(static item => item.Kind == ItemKind.Message)?.Text);
        }

        object? arguments = null;
        object? result = null;
        foreach (var happened in events)
        {
            if (happened.Name is "gen_ai.tool.message")
            {
                arguments ??= new TagTable(happened.Attributes).Value("content");
            }
            else if (happened.Name is "gen_ai.choice" && new TagTable(happened.Attributes).Value("message") is { } message)
            {
                result ??= Blocks.In(JsonValue.Text(message)) is { } blocks && Blocks.TextOf(blocks) is { } text ? text : message;
            }
        }

        return (arguments, result);
    }

    // AWS's distribution makes a message of what a tool is called with, and one of what it gives.
    private static string? ArgumentsIn(IReadOnlyList<ModelItem> given) =>
        given is [{ Kind: ItemKind.Output or ItemKind.Message, Text: { Length: > 0 } text }] && JsonValue.Parse(PythonLiteral.ToJson(text) ?? text) is { ValueKind: JsonValueKind.Object } ? text : null;

    // Callbacks and decorators put around the value what else they know.
    private static object? Unwrapped(object? value, params ReadOnlySpan<string> names)
    {
        if (JsonValue.Json(value) is not { ValueKind: JsonValueKind.Object } json)
        {
            return value;
        }

        foreach (var name in names)
        {
            if (JsonText.Member(json, name) is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } inner && json.EnumerateObject().All(static member => IsOfCallback(JsonText.Name(member, out _))))
            {
                return inner;
            }
        }

        return PythonCall.Named(json) ?? value;
    }

    private static object? Named(object? value) => JsonValue.Json(value) is { } json && PythonCall.Named(json) is { } named ? named : value;

    private static bool IsOfCallback(string name) => name is "inputs" or "input_str" or "input" or "output" or "tags" or "metadata" or "kwargs";
}

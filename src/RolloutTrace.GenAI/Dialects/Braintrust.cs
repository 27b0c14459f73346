using System.Text.Json;
using RolloutTrace.GenAI.Reading;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Dialects;

/// <summary>Braintrust's SDKs: <c>braintrust.span_attributes</c> says what a span is; input, output, metadata and metrics are JSON text.</summary>
internal sealed class Braintrust : ISpanDialect
{
    public string Prefix => "braintrust.";

    public IReadOnlyList<string> Content => ["braintrust.input_json", "braintrust.output_json", "braintrust.input", "braintrust.output", "braintrust.metadata"];

    public void Translate(ForeignSpan span, TagTable tags, List<SpanTag> into)
    {
        var about = tags.Json("braintrust.span_attributes");
        var kind = JsonText.MemberOrNull(about ?? default, "type") switch
        {
            "llm" => "LLM",
            "tool" => "TOOL",
            "task" or "function" => "CHAIN",
            _ => null,
        };
        if (kind is null)
        {
            return;
        }

        var (metadata, metrics) = (tags.Json("braintrust.metadata"), tags.Json("braintrust.metrics"));
        var gave = tags.Value("braintrust.output_json", "braintrust.output");
        into.AddRange(
        [
            new(SpanDialects.Kind, kind),
            new(SpanDialects.Given, tags.Value("braintrust.input_json", "braintrust.input")),
            new(SpanDialects.Gave, kind == "LLM" ? Chosen(gave) ?? gave : gave),
            new("tool.name", kind == "TOOL" ? SpanDialects.Of(about, "name") : null),
            new("llm.model_name", SpanDialects.Of(metadata, "model") ?? tags.Value("braintrust.metadata.model")),
            new("llm.provider", SpanDialects.Of(metadata, "provider") ?? tags.Value("braintrust.metadata.provider")),
            new("llm.invocation_parameters", kind == "LLM" ? Parameters(metadata) : null),
            new("gen_ai.tool.definitions", SpanDialects.Of(metadata, "tools")),
            new("gen_ai.system_instructions", SpanDialects.OfEither(metadata, "instructions", "system")),
            new("gen_ai.usage.input_tokens", SpanDialects.Of(metrics, "prompt_tokens")),
            new("gen_ai.usage.output_tokens", SpanDialects.Of(metrics, "completion_tokens")),
            new("gen_ai.usage.cache_read.input_tokens", SpanDialects.Of(metrics, "prompt_cached_tokens")),
            new("gen_ai.usage.cache_creation.input_tokens", SpanDialects.Of(metrics, "prompt_cache_creation_tokens")),
            new("gen_ai.usage.reasoning.output_tokens", SpanDialects.Of(metrics, "completion_reasoning_tokens")),
        ]);
    }

    // Who the provider is stands among what the model was told.
    private static object? Parameters(JsonElement? metadata) => metadata is not { ValueKind: JsonValueKind.Object } all ? null : JsonElement.Parse(JsonValue.Written(writer =>
    {
        writer.WriteStartObject();
        foreach (var member in all.EnumerateObject().Where(static member => JsonText.Name(member, out _) != "provider"))
        {
            writer.WritePropertyName(JsonText.Name(member, out _));
            JsonValue.WriteElement(writer, member.Value);
        }

        writer.WriteEndObject();
    }));

    // Of Chat Completions there are the choices alone, and not what is around them.
    private static object? Chosen(object? gave) =>
        JsonValue.Json(gave) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0 ? SpanDialects.Of(list[0], "message") : null;
}

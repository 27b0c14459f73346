using System.Text.Json;
using RolloutTrace.GenAI.Reading;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Dialects;

/// <summary>
/// OpenInference where a request to a model has nothing but the API's own request and response as <c>input.value</c> and <c>output.value</c>: what these say
/// beside messages.
/// </summary>
internal sealed class WholeExchange : ISpanDialect
{
    public string Prefix => SpanDialects.Given;

    public IReadOnlyList<string> Content => [SpanDialects.Given, SpanDialects.Gave];

    /// <summary>Whether what stands there says that a value is not to be seen.</summary>
    public static bool IsHidden(object? value) => value is "__REDACTED__";

    public void Translate(ForeignSpan span, TagTable tags, List<SpanTag> into)
    {
        if (tags.Text(SpanDialects.Kind)?.ToUpperInvariant() != "LLM" || tags.HasPrefix("llm.input_messages."))
        {
            return;
        }

        var (request, response) = (tags.Json(SpanDialects.Given), tags.Json(SpanDialects.Gave));
        if (SpanDialects.Of(request, "model") is { } model)
        {
            into.AddRange(
            [
                new("llm.model_name", model),
                new("llm.invocation_parameters", request),
                new("gen_ai.tool.definitions", SpanDialects.Of(request, "tools")),
                new("gen_ai.system_instructions", SpanDialects.Of(request, "instructions") ?? SpanDialects.Of(request, "system")),
            ]);
        }

        var usage = JsonText.Member(response ?? default, "usage");
        if (usage.ValueKind == JsonValueKind.Object)
        {
            into.AddRange(
            [
                new("gen_ai.response.id", SpanDialects.Of(response, "id")),
                new("llm.token_count.prompt", SpanDialects.OfEither(usage, "prompt_tokens", "input_tokens")),
                new("llm.token_count.completion", SpanDialects.OfEither(usage, "completion_tokens", "output_tokens")),
                new("llm.token_count.prompt_details.cache_read", Of(usage, "prompt_tokens_details", "input_tokens_details", "cached_tokens") ?? SpanDialects.Of(usage, "cache_read_input_tokens")),
                new("llm.token_count.prompt_details.cache_write", SpanDialects.Of(usage, "cache_creation_input_tokens")),
                new("llm.token_count.completion_details.reasoning", Of(usage, "completion_tokens_details", "output_tokens_details", "reasoning_tokens")),
            ]);
        }
    }

    private static object? Of(JsonElement usage, string name, string otherName, string inner) => SpanDialects.Of(usage, name, inner) ?? SpanDialects.Of(usage, otherName, inner);
}

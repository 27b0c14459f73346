using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Dialects;

/// <summary>Genkit: <c>genkit:metadata:subtype</c>, <c>genkit:input</c> and <c>genkit:output</c>.</summary>
internal sealed class Genkit : ISpanDialect
{
    public string Prefix => "genkit:";

    public IReadOnlyList<string> Content => ["genkit:input", "genkit:output"];

    public void Translate(ForeignSpan span, TagTable tags, List<SpanTag> into)
    {
        var kind = tags.Text("genkit:metadata:subtype", "genkit:type") switch
        {
            "model" => "LLM",
            "agent" => "AGENT",
            "tool" or "tool.v2" => "TOOL",
            "flow" or "prompt" or "executablePrompt" or "util" => "CHAIN",
            _ => null,
        };
        if (kind is null)
        {
            return;
        }

        var (given, gave, name) = (tags.Json("genkit:input"), tags.Json("genkit:output"), tags.Text("genkit:name") ?? span.Name);
        var model = kind == "LLM" ? name.Split('/', 2) : [];
        into.AddRange(
        [
            new(SpanDialects.Kind, kind),
            new(SpanDialects.Given, tags.Value("genkit:input")),
            new(SpanDialects.Gave, tags.Value("genkit:output")),
            new("agent.name", kind == "AGENT" ? name : null),
            new("tool.name", kind == "TOOL" ? name : null),
            new("llm.model_name", model is [] ? null : model[^1]),
            new("llm.provider", model is [var provider, _] ? provider : null),
            new("llm.invocation_parameters", SpanDialects.Of(given, "config")),
            new("gen_ai.tool.definitions", kind == "LLM" ? SpanDialects.Of(given, "tools") : null),
            new("gen_ai.response.finish_reasons", SpanDialects.Of(gave, "finishReason")),
            new("gen_ai.usage.input_tokens", SpanDialects.Of(gave, "usage", "inputTokens")),
            new("gen_ai.usage.output_tokens", SpanDialects.Of(gave, "usage", "outputTokens")),
            new("gen_ai.usage.cache_read.input_tokens", SpanDialects.Of(gave, "usage", "cachedContentTokens")),
            new("gen_ai.usage.reasoning.output_tokens", SpanDialects.Of(gave, "usage", "thoughtsTokens")),
        ]);
    }
}

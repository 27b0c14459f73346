using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Dialects;

/// <summary>Langfuse's SDKs: <c>langfuse.observation.*</c>.</summary>
internal sealed class Langfuse : ISpanDialect
{
    public string Prefix => "langfuse.";

    public IReadOnlyList<string> Content => ["langfuse.observation.input", "langfuse.observation.output", "langfuse.trace.input", "langfuse.trace.output"];

    public void Translate(ForeignSpan span, TagTable tags, List<SpanTag> into)
    {
        var kind = tags.Text("langfuse.observation.type")?.ToLowerInvariant() switch
        {
            "generation" => "LLM",
            "agent" => "AGENT",
            "tool" => "TOOL",
            "chain" or "span" => "CHAIN",
            _ => null,
        };
        into.Add(new SpanTag("session.id", tags.Text("langfuse.session.id", "langfuse.trace.session_id")));
        if (kind is null)
        {
            return;
        }

        var usage = tags.Json("langfuse.observation.usage_details");
        into.AddRange(
        [
            new(SpanDialects.Kind, kind),
            new(SpanDialects.Given, tags.Value("langfuse.observation.input")),
            new(SpanDialects.Gave, tags.Value("langfuse.observation.output")),
            new("agent.name", kind == "AGENT" ? span.Name : null),
            new("llm.model_name", tags.Text("langfuse.observation.model.name", "langfuse.observation.model")),
            new("llm.invocation_parameters", tags.Value("langfuse.observation.model.parameters")),
            new("gen_ai.tool.definitions", SpanDialects.Of(tags.Json("langfuse.observation.input"), "tools")),
            new("gen_ai.usage.input_tokens", SpanDialects.Of(usage, "input") ?? SpanDialects.Of(usage, "prompt_tokens") ?? SpanDialects.Of(usage, "input_tokens")),
            new("gen_ai.usage.output_tokens", SpanDialects.Of(usage, "output") ?? SpanDialects.Of(usage, "completion_tokens") ?? SpanDialects.Of(usage, "output_tokens")),
            new("gen_ai.usage.cache_read.input_tokens", SpanDialects.Of(usage, "input_cached_tokens") ?? SpanDialects.Of(usage, "cache_read_input_tokens")),
            new("gen_ai.usage.cache_creation.input_tokens", SpanDialects.Of(usage, "cache_creation_input_tokens")),
            new("gen_ai.usage.reasoning.output_tokens", SpanDialects.Of(usage, "output_reasoning_tokens")),
            new("error.type", tags.Text("langfuse.observation.level") is "ERROR" ? tags.Text("langfuse.observation.status_message") ?? "error" : null),
        ]);
    }
}

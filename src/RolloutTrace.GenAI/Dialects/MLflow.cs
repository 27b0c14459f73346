using System.Text.Json;
using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Dialects;

/// <summary>MLflow's tracing: <c>mlflow.spanType</c>, <c>mlflow.spanInputs</c> and <c>mlflow.spanOutputs</c>, each JSON text.</summary>
internal sealed class MLflow : ISpanDialect
{
    public string Prefix => "mlflow.";

    public IReadOnlyList<string> Content => ["mlflow.spanInputs", "mlflow.spanOutputs"];

    public void Translate(ForeignSpan span, TagTable tags, List<SpanTag> into)
    {
        var kind = tags.Json("mlflow.spanType") is { ValueKind: JsonValueKind.String } word ? JsonValue.Text(word) : tags.Text("mlflow.spanType");
        kind = kind?.ToUpperInvariant() switch
        {
            "LLM" or "CHAT_MODEL" => "LLM",
            "AGENT" => "AGENT",
            "TOOL" => "TOOL",
            "CHAIN" or "WORKFLOW" or "TASK" => "CHAIN",
            _ => null,
        };
        if (kind is null)
        {
            return;
        }

        var (given, gave, usage) = (tags.Json("mlflow.spanInputs"), tags.Json("mlflow.spanOutputs"), tags.Json("mlflow.chat.tokenUsage"));
        into.AddRange(
        [
            new(SpanDialects.Kind, kind),
            new(SpanDialects.Given, tags.Value("mlflow.spanInputs")),
            new(SpanDialects.Gave, tags.Value("mlflow.spanOutputs")),
            new("agent.name", kind == "AGENT" ? span.Name : null),
            new("session.id", Unquoted(tags, "mlflow.trace.session")),
            new("llm.model_name", Unquoted(tags, "mlflow.llm.model") ?? SpanDialects.Of(given, "model") ?? SpanDialects.Of(gave, "model")),
            new("llm.provider", Unquoted(tags, "mlflow.llm.provider", "mlflow.message.format")),
            new("llm.invocation_parameters", kind == "LLM" ? given : null),
            new("gen_ai.tool.definitions", tags.Value("mlflow.chat.tools") ?? SpanDialects.Of(given, "tools")),
            new("gen_ai.response.id", SpanDialects.Of(gave, "id")),
            new("gen_ai.usage.input_tokens", SpanDialects.Of(usage, "input_tokens") ?? SpanDialects.Of(gave, "usage", "prompt_tokens") ?? SpanDialects.Of(gave, "usage", "input_tokens")),
            new("gen_ai.usage.output_tokens", SpanDialects.Of(usage, "output_tokens") ?? SpanDialects.Of(gave, "usage", "completion_tokens") ?? SpanDialects.Of(gave, "usage", "output_tokens")),
            new("gen_ai.usage.cache_read.input_tokens", SpanDialects.Of(usage, "cache_read_input_tokens")),
            new("gen_ai.usage.cache_creation.input_tokens", SpanDialects.Of(usage, "cache_creation_input_tokens")),
        ]);
    }

    private static object? Unquoted(TagTable tags, params ReadOnlySpan<string> names) =>
        tags.Json(names) is { ValueKind: JsonValueKind.String } text ? JsonValue.Text(text) : tags.Text(names);
}

using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Dialects;

/// <summary>AgentOps: <c>agentops.span.kind</c>, and what agents and tools were given and gave. Requests have OpenLLMetry's names.</summary>
internal sealed class AgentOps : ISpanDialect
{
    public string Prefix => "agentops.";

    public IReadOnlyList<string> Content => ["agentops.entity.input", "agentops.entity.output", "tool.parameters", "tool.result"];

    public void Translate(ForeignSpan span, TagTable tags, List<SpanTag> into)
    {
        var kind = tags.Text("agentops.span.kind")?.ToLowerInvariant() switch
        {
            "llm" => "LLM",
            "agent" => "AGENT",
            "tool" => "TOOL",
            "session" or "workflow" or "operation" or "task" or "chain" => "CHAIN",
            _ => null,
        };
        if (kind is null)
        {
            return;
        }

        var name = tags.Text("operation.name", "agentops.entity.name") ?? span.Name;
        into.AddRange(
        [
            new(SpanDialects.Kind, kind),
            new("agent.name", kind == "AGENT" ? name : null),
            new("tool.name", kind == "TOOL" ? name : null),
            new(SpanDialects.Given, kind == "TOOL" ? tags.Value("tool.parameters", "agentops.entity.input") : kind == "LLM" ? null : tags.Value("agentops.entity.input")),
            new(SpanDialects.Gave, kind == "TOOL" ? tags.Value("tool.result", "agentops.entity.output") : kind == "LLM" ? null : tags.Value("agentops.entity.output")),
        ]);
    }
}

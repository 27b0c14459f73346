using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Dialects;

/// <summary>LoongSuite, and Alibaba's ARMS: OpenTelemetry's names, where what a span is stands in <c>gen_ai.span.kind</c>.</summary>
internal sealed class LoongSuite : ISpanDialect
{
    public string Prefix => "gen_ai.span.kind";

    public IReadOnlyList<string> Content => [];

    public void Translate(ForeignSpan span, TagTable tags, List<SpanTag> into) =>
        into.Add(new(SpanDialects.Kind, tags.Text("gen_ai.span.kind")?.ToUpperInvariant() switch
        {
            "LLM" => "LLM",
            "AGENT" => "AGENT",
            "TOOL" => "TOOL",
            "CHAIN" or "ENTRY" or "TASK" or "STEP" or "WORKFLOW" => "CHAIN",
            _ => null,
        }));
}

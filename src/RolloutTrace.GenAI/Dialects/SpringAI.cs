using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Dialects;

/// <summary>Spring AI: calls of tools are spans of the framework's own, and the conversation is its chat client's.</summary>
internal sealed class SpringAI : ISpanDialect
{
    public string Prefix => "spring.ai.";

    public IReadOnlyList<string> Content => ["spring.ai.tool.call.arguments", "spring.ai.tool.call.result"];

    public void Translate(ForeignSpan span, TagTable tags, List<SpanTag> into) => into.AddRange(
    [
        new("gen_ai.conversation.id", tags.Text("spring.ai.chat.client.conversation.id")),
        new("gen_ai.tool.name", tags.Text("spring.ai.tool.definition.name")),
        new("gen_ai.tool.call.arguments", tags.Value("spring.ai.tool.call.arguments")),
        new("gen_ai.tool.call.result", tags.Value("spring.ai.tool.call.result")),
    ]);
}

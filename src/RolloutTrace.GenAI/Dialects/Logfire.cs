using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Dialects;

/// <summary>Logfire's instrumentation of clients: the request and the response as they went over the wire, beside the conventions' names.</summary>
internal sealed class Logfire : ISpanDialect
{
    public string Prefix => "request_data";

    public void Translate(ForeignSpan span, TagTable tags, List<SpanTag> into)
    {
        if (tags.Json("request_data") is not { } request || SpanDialects.Of(request, "model") is not { } model)
        {
            return;
        }

        into.AddRange(
        [
            new("gen_ai.request.model", model),
            new("llm.request.type", "chat"),
            new(SpanDialects.Given, request),
            new(SpanDialects.Gave, tags.Value("response_data")),
            new("llm.invocation_parameters", request),
            new("gen_ai.system_instructions", SpanDialects.Of(request, "instructions") ?? SpanDialects.Of(request, "system")),
            new("gen_ai.tool.definitions", SpanDialects.Of(request, "tools")),
        ]);
    }
}

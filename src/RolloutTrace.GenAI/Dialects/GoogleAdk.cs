using System.Text.Json;
using RolloutTrace.GenAI.Reading;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Dialects;

/// <summary>
/// Google's Agent Development Kit: a model's whole request and response as JSON text, in Python's names or in Java's and Go's, and what a tool was
/// called with and gave.
/// </summary>
internal sealed class GoogleAdk : ISpanDialect
{
    /// <summary>The name of a span that says once more what the calls carried out side by side have given.</summary>
    public const string Merged = "(merged tools)";

    public string Prefix => "gcp.vertex.agent.";

    public IReadOnlyList<string> Content => ["gcp.vertex.agent.llm_request", "gcp.vertex.agent.llm_response", "gcp.vertex.agent.tool_call_args", "gcp.vertex.agent.tool_response", "gcp.vertex.agent.data"];

    public void Translate(ForeignSpan span, TagTable tags, List<SpanTag> into)
    {
        if (tags.Has("gen_ai.tool.name"))
        {
            into.Add(new("gen_ai.tool.call.arguments", tags.Value("gcp.vertex.agent.tool_call_args")));
            into.Add(new("gen_ai.tool.call.result", Given(tags.Value("gcp.vertex.agent.tool_response"))));
            return;
        }

        if (!tags.Has("gcp.vertex.agent.llm_request"))
        {
            return;
        }

        var (request, response) = (tags.Json("gcp.vertex.agent.llm_request"), tags.Json("gcp.vertex.agent.llm_response"));
        var config = JsonText.Member(request ?? default, "config");
        var usage = Member(response ?? default, "usage_metadata", "usageMetadata");
        into.AddRange(
        [
            new("llm.request.type", "chat"),
            new("llm.invocation_parameters", Parameters(config)),
            new("gen_ai.tool.definitions", SpanDialects.Of(config, "tools")),
            new("gen_ai.usage.input_tokens", SpanDialects.OfEither(usage, "prompt_token_count", "promptTokenCount")),
            new("gen_ai.usage.output_tokens", Sum(SpanDialects.OfEither(usage, "candidates_token_count", "candidatesTokenCount"), SpanDialects.OfEither(usage, "thoughts_token_count", "thoughtsTokenCount"))),
            new("gen_ai.usage.cache_read.input_tokens", SpanDialects.OfEither(usage, "cached_content_token_count", "cachedContentTokenCount")),
            new("gen_ai.usage.reasoning.output_tokens", SpanDialects.OfEither(usage, "thoughts_token_count", "thoughtsTokenCount")),
            new("gen_ai.response.finish_reasons", SpanDialects.OfEither(response, "finish_reason", "finishReason")),
        ]);
        if (!tags.HasPrefix("llm.input_messages."))
        {
            // Where content is switched off each is there, and empty.
            into.Add(new(SpanDialects.Given, IsEmpty(request) ? null : tags.Value("gcp.vertex.agent.llm_request")));
            into.Add(new(SpanDialects.Gave, IsEmpty(response) ? null : tags.Value("gcp.vertex.agent.llm_response")));
            into.Add(new("gen_ai.system_instructions", Instructions(config)));
        }
    }

    private static bool IsEmpty(JsonElement? json) => json is { ValueKind: JsonValueKind.Object } whole && whole.GetPropertyCount() == 0;

    private static object? Instructions(JsonElement config)
    {
        var told = Member(config, "system_instruction", "systemInstruction");
        return told.ValueKind switch
        {
            JsonValueKind.String => JsonValue.Text(told),
            JsonValueKind.Object when JsonText.Member(told, "parts") is { ValueKind: JsonValueKind.Array } parts => parts,
            _ => null,
        };
    }

    // What stands elsewhere, and how the client sends it, is no parameter.
    private static object? Parameters(JsonElement config) => config.ValueKind != JsonValueKind.Object ? null : JsonElement.Parse(JsonValue.Written(writer =>
    {
        writer.WriteStartObject();
        foreach (var member in config.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.Null
                && JsonText.Name(member, out _) is var name and not ("system_instruction" or "systemInstruction" or "tools" or "http_options" or "httpOptions"))
            {
                writer.WritePropertyName(name);
                JsonValue.WriteElement(writer, member.Value);
            }
        }

        writer.WriteEndObject();
    }));

    // Older versions have the whole event of a tool's answer there.
    private static object? Given(object? response)
    {
        var parts = JsonText.Member(JsonText.Member(JsonValue.Json(response) ?? default, "content"), "parts");
        var answer = parts.ValueKind == JsonValueKind.Array && parts.GetArrayLength() > 0 ? Member(parts[0], "function_response", "functionResponse") : default;
        return SpanDialects.Of(answer, "response") ?? response;
    }

    // Thoughts are counted apart from the answer.
    private static object? Sum(object? answer, object? thoughts) =>
        answer is null && thoughts is null ? null : (JsonValue.Integer(answer) ?? 0) + (JsonValue.Integer(thoughts) ?? 0);

    private static JsonElement Member(JsonElement parent, string name, string otherName) =>
        JsonText.Member(parent, name) is { ValueKind: not JsonValueKind.Undefined } value ? value : JsonText.Member(parent, otherName);
}

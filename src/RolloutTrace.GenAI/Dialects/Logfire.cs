using System.Text.Json;
using RolloutTrace.GenAI.Reading;

namespace RolloutTrace.GenAI.Dialects;

/// <summary>
/// Logfire: its instrumentation of clients has the request and the response as they went over the wire, that of OpenAI's Agents SDK says
/// by a message's template what a span is.
/// </summary>
internal sealed class Logfire(string prefix) : ISpanDialect
{
    public string Prefix => prefix;

    public IReadOnlyList<string> Content => ["request_data", "response_data", "raw_input"];

    public void Translate(ForeignSpan span, TagTable tags, List<SpanTag> into)
    {
        if (tags.Json("request_data") is { } request && SpanDialects.Of(request, "model") is { } model)
        {
            Client(tags, request, model, into);
        }
        else if (KindOf(tags) is { } kind)
        {
            Agents(tags, kind, into);
        }
    }

    private static void Client(TagTable tags, JsonElement request, object model, List<SpanTag> into)
    {
        // Where the agents' SDK tells of a request, the messages have the answer behind them, and both stand apart as well.
        var isApart = !tags.Has("response_data") && tags.Has("output");
        into.AddRange(
        [
            new("gen_ai.request.model", model),
            new("llm.request.type", "chat"),
            new(SpanDialects.Given, isApart ? tags.Value("input") : request),
            new(SpanDialects.Gave, isApart ? tags.Value("output") : tags.Value("response_data")),
            new("llm.invocation_parameters", request),
            new("gen_ai.system_instructions", SpanDialects.Of(request, "instructions") ?? SpanDialects.Of(request, "system")),
            new("gen_ai.tool.definitions", SpanDialects.Of(request, "tools")),
        ]);
    }

    private static void Agents(TagTable tags, string kind, List<SpanTag> into)
    {
        var name = tags.Text("name");
        into.AddRange(
        [
            new(SpanDialects.Kind, kind),
            new("agent.name", kind is "TOOL" or "LLM" ? null : name),
            new("tool.name", kind != "TOOL" ? null : tags.Text("to_agent") is { } to ? $"handoff to {to}" : name),
            new(SpanDialects.Given, kind == "TOOL" ? tags.Value("input") : null),
            new(SpanDialects.Gave, kind == "TOOL" ? tags.Value("output") : null),
            new("gen_ai.response.id", tags.Text("response_id")),
            new("session.id", tags.Text("group_id") is { } group and not "null" ? group : null),
            new("error.type", tags.Json("error") is { ValueKind: JsonValueKind.Object } ? "error" : null),
            new("error.message", SpanDialects.Of(tags.Json("error"), "message")),
        ]);
    }

    private static string? KindOf(TagTable tags) => tags.Text("logfire.msg_template") switch
    {
        "OpenAI Agents trace: {name}" => "CHAIN",
        "Agent run: {name!r}" when tags.Has("handoffs") => "AGENT",
        "Function: {name}" when tags.Has("mcp_data") => "TOOL",
        "Handoff: {from_agent} → {to_agent}" => "TOOL",
        _ when tags.Has("response_id") && tags.Has("raw_input") => "LLM",
        _ => null,
    };
}

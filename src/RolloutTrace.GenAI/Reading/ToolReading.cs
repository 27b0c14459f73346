using System.Text.Json;
using RolloutTrace.GenAI.Items;
using RolloutTrace.Payloads;
using RolloutTrace.Wire;

namespace RolloutTrace.GenAI.Reading;

/// <summary>What a span says of a call of a tool.</summary>
internal sealed class ToolReading
{
    private ToolReading(ForeignSpan span, TagTable tags)
    {
        Tags = tags;
        Name = tags.Text("gen_ai.tool.name", "tool.name", "ai.toolCall.name", "traceloop.entity.name") ?? NameIn(span.Name);
        CallId = tags.Text("gen_ai.tool.call.id", "ai.toolCall.id", "tool_call.id", "tool.call_id", "tool.id");
        var (arguments, result) = ToolExchange.Read(tags, span.Events);
        Arguments = ArgumentsOf(arguments);
        if (JsonValue.Json(result) is { ValueKind: JsonValueKind.Object } json && LangChainMessages.ToolMessage(json, out var answered) is { } content)
        {
            result = content;
            CallId ??= answered;
        }

        Result = ResultOf(result);
        Outcome = SpanOutcome.Of(span, tags);
    }

    public TagTable Tags { get; }

    public string Name { get; }

    /// <summary>The id by which the model knows the call; null if the span has none.</summary>
    public string? CallId { get; }

    /// <summary>What it was called with, as text; null where that was not captured.</summary>
    public string? Arguments { get; }

    /// <summary>What it gave, as a model reads it; null where there is nothing.</summary>
    public string? Result { get; }

    public SpanOutcome Outcome { get; }

    /// <summary>The MCP server that the tool is on; null if that is not told.</summary>
    public string? McpServer => Tags.Text("mcp.server.name");

    /// <summary>Whether it is a call to an MCP server, as a client sees it.</summary>
    public bool IsMcpCall => Tags.Has(RolloutAttributes.Mcp.MethodName);

    /// <summary>The call to an MCP server; null if it is none.</summary>
    public McpSpan? Mcp(ForeignSpan span) => McpSpan.Read(name => Tags.Text(name), span.TraceId, span.SpanId);

    public static ToolReading Read(ForeignSpan span, TagTable tags) => new(span, tags);

    private static string NameIn(string spanName)
    {
        var space = spanName.LastIndexOf(' ');
        return spanName.StartsWith("execute_tool ", StringComparison.Ordinal) && space > 0 ? spanName[(space + 1)..] : spanName.Length > 0 ? spanName : "unknown";
    }

    private static string? ArgumentsOf(object? value) => JsonValue.Text(value) is { Length: > 0 } text ? ItemBuilder.Canonical(PythonLiteral.ToJson(text) ?? text) : null;

    // JSON text of a text is that text.
    private static string? ResultOf(object? value)
    {
        if (value is null)
        {
            return null;
        }

        return JsonValue.Json(value) switch
        {
            { ValueKind: JsonValueKind.Null } => null,
            { ValueKind: JsonValueKind.String } text => JsonText.Read(text, out _),
            { ValueKind: JsonValueKind.Object or JsonValueKind.Array } json => JsonValue.Compact(json),
            _ => JsonValue.Text(value),
        };
    }
}

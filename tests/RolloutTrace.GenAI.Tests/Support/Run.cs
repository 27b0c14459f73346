namespace RolloutTrace.GenAI.Tests.Support;

/// <summary>Shorthand for spans of one run: what a test says of a request is what matters in it.</summary>
internal static class Run
{
    public static (string Name, object? Value)[] AgentTags(string name, params (string Name, object? Value)[] more) =>
        [("gen_ai.operation.name", "invoke_agent"), ("gen_ai.agent.name", name), .. more];

    /// <summary>A chat's attributes.</summary>
    /// <param name="input">Messages, each <c>role: text</c>, <c>call id name arguments</c> or <c>gave id text</c>.</param>
    /// <param name="output">The same for what came of it; null if nothing did.</param>
    /// <param name="responseId">Id of the response.</param>
    /// <param name="more">Further attributes.</param>
    public static (string Name, object? Value)[] ChatTags(string[] input, string[]? output, string? responseId = null, params (string Name, object? Value)[] more) =>
    [
        ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-5"), ("gen_ai.provider.name", "openai"),
        ("gen_ai.input.messages", Messages(input)),
        .. output is null ? [] : (ReadOnlySpan<(string, object?)>)[("gen_ai.output.messages", Messages(output)), ("gen_ai.response.finish_reasons", new[] { "stop" })],
        .. responseId is null ? [] : (ReadOnlySpan<(string, object?)>)[("gen_ai.response.id", responseId)],
        .. more,
    ];

    public static (string Name, object? Value)[] ToolTags(string name, string? callId, string arguments = "{}", string? result = "done", params (string Name, object? Value)[] more) =>
    [
        ("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", name), ("gen_ai.tool.call.arguments", arguments),
        .. callId is null ? [] : (ReadOnlySpan<(string, object?)>)[("gen_ai.tool.call.id", callId)],
        .. result is null ? [] : (ReadOnlySpan<(string, object?)>)[("gen_ai.tool.call.result", result)],
        .. more,
    ];

    public static string Messages(params string[] lines) => new System.Text.Json.Nodes.JsonArray([.. lines.Select(Message)]).ToJsonString();

    private static System.Text.Json.Nodes.JsonNode Message(string line)
    {
        var words = line.Split(' ');
        System.Text.Json.Nodes.JsonObject part = words[0] switch
        {
            "call" => new() { ["type"] = "tool_call", ["id"] = words[1], ["name"] = words[2], ["arguments"] = System.Text.Json.Nodes.JsonNode.Parse(words.Length > 3 ? string.Join(' ', words[3..]) : "{}") },
            "gave" => new() { ["type"] = "tool_call_response", ["id"] = words[1], ["response"] = string.Join(' ', words[2..]) },
            _ => new() { ["type"] = "text", ["content"] = line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..] },
        };
        var role = words[0] switch { "call" => "assistant", "gave" => "tool", _ => words[0].TrimEnd(':') };
        return new System.Text.Json.Nodes.JsonObject { ["role"] = role, ["parts"] = new System.Text.Json.Nodes.JsonArray(part) };
    }
}

namespace RolloutTrace.Import.Tests.Spans;

/// <summary>A span as some program emitted it, before a format is chosen. Times are milliseconds.</summary>
internal sealed record TestSpan(string Id, string? Parent, string Name, long Start, long End, params (string Key, object Value)[] Attributes)
{
    public const string Trace = "0102030405060708090a0b0c0d0e0f10";
    public const long Epoch = 1_795_165_200_000;

    public string TraceId { get; init; } = Trace;

    public int Kind { get; init; } = 1;

    public int Status { get; init; }

    public string? Words { get; init; }

    public IReadOnlyList<(string Name, (string Key, object Value)[] Attributes)> Events { get; init; } = [];

    public IReadOnlyList<string> Links { get; init; } = [];

    public ulong StartNanoseconds => (ulong)(Epoch + Start) * 1_000_000;

    public ulong EndNanoseconds => (ulong)(Epoch + End) * 1_000_000;

    /// <summary>An agent with two requests and a tool between them; other spans beside, as real traces have.</summary>
    public static IReadOnlyList<TestSpan> Agent { get; } =
    [
        new("0000000000000001", null, "invoke_agent gardener", 0, 100, ("gen_ai.operation.name", "invoke_agent"), ("gen_ai.agent.name", "gardener"), ("gen_ai.conversation.id", "conv-1")),
        new("0000000000000002", "0000000000000001", "chat big", 10, 30,
            ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "big"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.temperature", 0.5), ("gen_ai.request.stream", true),
            ("gen_ai.input.messages", """[{"role":"user","parts":[{"type":"text","content":"Is it dry?"}]}]"""),
            ("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"look","arguments":{"bed":"north"}}],"finish_reason":"tool_call"}]"""),
            ("gen_ai.response.id", "r-1"), ("gen_ai.response.finish_reasons", new[] { "tool_calls" }), ("gen_ai.usage.input_tokens", 100L), ("gen_ai.usage.output_tokens", 10L)) { Kind = 3 },
        new("0000000000000003", "0000000000000001", "execute_tool look", 40, 50,
            ("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", "look"), ("gen_ai.tool.call.id", "c1"), ("gen_ai.tool.call.arguments", """{"bed":"north"}"""), ("gen_ai.tool.call.result", "dry")),
        new("0000000000000004", "0000000000000003", "SELECT beds", 42, 45, ("db.system", "sqlite")) { Kind = 3 },
        new("0000000000000005", "0000000000000001", "chat big", 60, 90,
            ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "big"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.temperature", 0.5), ("gen_ai.request.stream", true),
            ("gen_ai.input.messages", """[{"role":"user","parts":[{"type":"text","content":"Is it dry?"}]},{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"look","arguments":{"bed":"north"}}]},{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"dry"}]}]"""),
            ("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"text","content":"Yes."}],"finish_reason":"stop"}]"""),
            ("gen_ai.response.id", "r-2"), ("gen_ai.response.finish_reasons", new[] { "stop" }), ("gen_ai.usage.input_tokens", 150L), ("gen_ai.usage.output_tokens", 5L)) { Kind = 3 },
    ];
}

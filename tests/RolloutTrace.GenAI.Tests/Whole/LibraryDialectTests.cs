using RolloutTrace.GenAI.Tests.Support;
using static RolloutTrace.GenAI.Tests.Support.SpanText;

namespace RolloutTrace.GenAI.Tests.Whole;

/// <summary>The same run in the names that one library alone has.</summary>
public sealed class LibraryDialectTests
{
    private const string Asked = """{"role":"user","content":"Weather?"}""";
    private const string Called = """{"role":"assistant","content":null,"tool_calls":[{"id":"call-1","type":"function","function":{"name":"get_weather","arguments":"{\"city\": \"Oslo\"}"}}]}""";
    private const string Gave = """{"role":"tool","tool_call_id":"call-1","content":"rain"}""";
    private const string Tools = """[{"type":"function","function":{"name":"get_weather"}}]""";

    [Fact]
    public void Langfuse() => Story(
        Span("helper", null, 0, 100, ("langfuse.observation.type", "agent"), ("langfuse.observation.input", "Weather?"), ("session.id", "s")),
        Span("chat1", "helper", 1, 10,
            ("langfuse.observation.type", "generation"), ("langfuse.observation.model.name", "gpt-5"), ("langfuse.observation.model.parameters", """{"temperature":0.5}"""),
            ("langfuse.observation.input", $$"""{"messages":[{{Asked}}],"tools":{{Tools}}}"""), ("langfuse.observation.output", Called),
            ("langfuse.observation.usage_details", """{"input":20,"output":5,"total":25,"input_cached_tokens":8,"output_reasoning_tokens":2}""")),
        Span("get_weather", "helper", 11, 20, ("langfuse.observation.type", "tool"), ("langfuse.observation.input", """{"city":"Oslo"}"""), ("langfuse.observation.output", "rain")),
        Span("chat2", "helper", 21, 30,
            ("langfuse.observation.type", "generation"), ("langfuse.observation.model.name", "gpt-5"), ("langfuse.observation.model.parameters", """{"temperature":0.5}"""),
            ("langfuse.observation.input", $$"""{"messages":[{{Asked}},{{Called}},{{Gave}}],"tools":{{Tools}}}"""), ("langfuse.observation.output", """{"role":"assistant","content":"It rains."}"""),
            ("langfuse.observation.usage_details", """{"prompt_tokens":30,"completion_tokens":6}"""))).ShouldBe(Expected("helper", "gpt-5@unknown", "model=\"gpt-5\",temperature=0.5"));

    [Fact]
    public void MLflow() => Story(
        Span("helper", null, 0, 100, ("mlflow.spanType", "\"AGENT\""), ("mlflow.spanInputs", """{"question":"Weather?"}""")),
        Span("Completions1", "helper", 1, 10,
            ("mlflow.spanType", "\"CHAT_MODEL\""), ("mlflow.message.format", "\"openai\""), ("mlflow.spanInputs", $$"""{"model":"gpt-5","temperature":0.5,"messages":[{{Asked}}],"tools":{{Tools}}}"""),
            ("mlflow.spanOutputs", $$"""{"id":"resp-1","choices":[{"index":0,"finish_reason":"tool_calls","message":{{Called}}}]}"""), ("mlflow.chat.tokenUsage", """{"input_tokens":20,"output_tokens":5,"cache_read_input_tokens":8}""")),
        Span("get_weather", "helper", 11, 20, ("mlflow.spanType", "\"TOOL\""), ("mlflow.spanInputs", """{"city":"Oslo"}"""), ("mlflow.spanOutputs", "\"rain\"")),
        Span("Completions2", "helper", 21, 30,
            ("mlflow.spanType", "\"CHAT_MODEL\""), ("mlflow.message.format", "\"openai\""), ("mlflow.spanInputs", $$"""{"model":"gpt-5","temperature":0.5,"messages":[{{Asked}},{{Called}},{{Gave}}],"tools":{{Tools}}}"""),
            ("mlflow.spanOutputs", """{"id":"resp-2","choices":[{"message":{"role":"assistant","content":"It rains."}}],"usage":{"prompt_tokens":30,"completion_tokens":6}}""")))
        .ShouldBe(Expected("helper", "gpt-5@openai", "model=\"gpt-5\",temperature=0.5", "resp-1", "resp-2", reasoning: 0));

    [Fact]
    public void Genkit()
    {
        const string User = """{"role":"user","content":[{"text":"Weather?"}]}""";
        const string Request = """{"role":"model","content":[{"toolRequest":{"name":"get_weather","ref":"call-1","input":{"city":"Oslo"}}}]}""";
        Story(
            Span("flow", null, 0, 100, ("genkit:type", "action"), ("genkit:metadata:subtype", "flow"), ("genkit:name", "flow"), ("genkit:input", "\"Weather?\"")),
            Span("generate", "flow", 1, 99, ("genkit:type", "util"), ("genkit:name", "generate")),
            Span("model1", "generate", 2, 10,
                ("genkit:type", "action"), ("genkit:metadata:subtype", "model"), ("genkit:name", "openai/gpt-5"),
                ("genkit:input", $$$"""{"messages":[{{{User}}}],"tools":[{"name":"get_weather"}],"config":{"temperature":0.5}}"""),
                ("genkit:output", $$$"""{"message":{{{Request}}},"finishReason":"stop","usage":{"inputTokens":20,"outputTokens":5,"cachedContentTokens":8,"thoughtsTokens":2}}""")),
            Span("tool", "generate", 11, 20, ("genkit:type", "action"), ("genkit:metadata:subtype", "tool"), ("genkit:name", "get_weather"), ("genkit:input", """{"city":"Oslo"}"""), ("genkit:output", "\"rain\"")),
            Span("model2", "generate", 21, 30,
                ("genkit:type", "action"), ("genkit:metadata:subtype", "model"), ("genkit:name", "openai/gpt-5"),
                ("genkit:input", $$$"""{"messages":[{{{User}}},{{{Request}}},{"role":"tool","content":[{"toolResponse":{"name":"get_weather","ref":"call-1","output":"rain"}}]}],"tools":[{"name":"get_weather"}],"config":{"temperature":0.5}}"""),
                ("genkit:output", """{"message":{"role":"model","content":[{"text":"It rains."}]},"usage":{"inputTokens":30,"outputTokens":6}}""")))
            .ShouldBe(Expected("", "gpt-5@openai", "model=\"gpt-5\",temperature=0.5"));
    }

    [Fact]
    public void Spring_AI()
    {
        (string, object?)[] framework = [("gen_ai.operation.name", "framework"), ("gen_ai.system", "spring_ai")];
        (string, object?)[] chat = [("gen_ai.operation.name", "chat"), ("gen_ai.system", "openai"), ("gen_ai.request.model", "gpt-5"), ("gen_ai.prompt", """["Weather?"]""")];
        var story = Story(
            Span("client", null, 0, 100, [.. framework, ("spring.ai.kind", "chat_client"), ("spring.ai.chat.client.conversation.id", "c-7")]),
            Span("chat1", "client", 1, 10, [.. chat, ("gen_ai.response.id", "resp-1"), ("gen_ai.response.finish_reasons", """["TOOL_CALLS"]"""), ("gen_ai.usage.input_tokens", "20"), ("gen_ai.usage.output_tokens", "5")]),
            Span("tool", "client", 11, 20,
                [.. framework, ("spring.ai.kind", "tool_call"), ("spring.ai.tool.definition.name", "get_weather"), ("spring.ai.tool.call.arguments", """{"city":"Oslo"}"""), ("spring.ai.tool.call.result", "\"rain\"")]),
            Span("chat2", "client", 21, 30, [.. chat, ("gen_ai.response.id", "resp-2"), ("gen_ai.completion", """["It rains."]""")]));
        story.ShouldContain("    tool get_weather Completed");
        story.ShouldContain("> Assistant Message  It rains.");
    }

    [Fact]
    public void Logfire_has_what_went_over_the_wire() => Story(
        Span("Chat", null, 0, 10,
            ("gen_ai.system", "openai"), ("gen_ai.request.model", "gpt-5"), ("gen_ai.usage.input_tokens", 20), ("gen_ai.usage.output_tokens", 5),
            ("request_data", $$"""{"model":"gpt-5","messages":[{{Asked}}],"tools":{{Tools}},"temperature":0.5}"""), ("response_data", """{"message":{"role":"assistant","content":"It rains."},"usage":{}}"""))).ShouldBe(
        """
        /root  Completed
          turn Completed
            request gpt-5@openai Completed  20/0/5/0
              given:  | get_weather | model="gpt-5",temperature=0.5
              < User Message  Weather?
              > Assistant Message  It rains.

        """);

    [Fact]
    public void AgentOps()
    {
        (string, object?)[] chat = [("agentops.span.kind", "llm"), ("gen_ai.system", "OpenAI"), ("llm.request.type", "chat"), ("gen_ai.request.model", "gpt-5"), ("gen_ai.request.temperature", 0.5)];
        (string, object?)[] asked = [("gen_ai.prompt.0.role", "user"), ("gen_ai.prompt.0.content", "Weather?")];
        Story(
            Span("helper.agent", null, 0, 100, ("agentops.span.kind", "agent"), ("operation.name", "helper"), ("agentops.entity.input", """{"args":["Weather?"]}""")),
            Span("chat1", "helper.agent", 1, 10,
                [.. chat, .. asked, .. Call("gen_ai.completion.0"), ("gen_ai.usage.prompt_tokens", 20), ("gen_ai.usage.completion_tokens", 5), ("gen_ai.usage.cache_read_input_tokens", 8), ("gen_ai.usage.reasoning_tokens", 2)]),
            Span("get_weather.tool", "helper.agent", 11, 20, ("agentops.span.kind", "tool"), ("operation.name", "get_weather"), ("tool.parameters", """{"city":"Oslo"}"""), ("tool.result", "rain")),
            Span("chat2", "helper.agent", 21, 30,
                [
                    .. chat, .. asked, .. Call("gen_ai.prompt.1"), ("gen_ai.prompt.2.role", "tool"), ("gen_ai.prompt.2.tool_call_id", "call-1"), ("gen_ai.prompt.2.content", "rain"),
                    ("gen_ai.completion.0.role", "assistant"), ("gen_ai.completion.0.content", "It rains."), ("gen_ai.usage.prompt_tokens", 30), ("gen_ai.usage.completion_tokens", 6),
                ])).ShouldBe(Expected("helper", "gpt-5@OpenAI", "model=\"gpt-5\",temperature=0.5").Replace("given:  | get_weather |", "given:  |  |"));

        static (string, object?)[] Call(string place) =>
            [($"{place}.role", "assistant"), ($"{place}.tool_calls.0.id", "call-1"), ($"{place}.tool_calls.0.name", "get_weather"), ($"{place}.tool_calls.0.arguments", """{"city": "Oslo"}""")];
    }

    [Fact]
    public void Braintrust()
    {
        var metadata = ("braintrust.metadata", (object?)$$"""{"model":"gpt-5","provider":"openai","temperature":0.5,"tools":{{Tools}}}""");
        var llm = ("braintrust.span_attributes", (object?)"""{"type":"llm","name":"Chat Completion"}""");
        Story(
            Span("agent", null, 0, 100, ("braintrust.span_attributes", """{"type":"task","name":"agent"}"""), ("braintrust.input_json", "\"Weather?\"")),
            Span("chat1", "agent", 1, 10, llm, metadata,
                ("braintrust.input_json", $"[{Asked}]"), ("braintrust.output_json", $$"""[{"index":0,"finish_reason":"tool_calls","message":{{Called}}}]"""),
                ("braintrust.metrics", """{"prompt_tokens":20,"completion_tokens":5,"prompt_cached_tokens":8,"completion_reasoning_tokens":2}""")),
            Span("tool", "agent", 11, 20, ("braintrust.span_attributes", """{"type":"tool","name":"get_weather"}"""), ("braintrust.input_json", """{"city":"Oslo"}"""), ("braintrust.output_json", "\"rain\"")),
            Span("chat2", "agent", 21, 30, llm, metadata,
                ("braintrust.input_json", $"[{Asked},{Called},{Gave}]"), ("braintrust.output_json", """[{"index":0,"message":{"role":"assistant","content":"It rains."}}]"""),
                ("braintrust.metrics", """{"prompt_tokens":30,"completion_tokens":6}"""))).ShouldBe(Expected("", "gpt-5@openai", "model=\"gpt-5\",temperature=0.5"));
    }

    [Fact]
    public void LoongSuite_with_messages_that_are_texts_of_JSON()
    {
        const string User = """{"role":"user","parts":[{"type":"text","content":"Weather?"}]}""";
        const string Call = """{"role":"assistant","parts":[{"type":"tool_call","id":"call-1","name":"get_weather","arguments":{"city":"Oslo"}}]}""";
        (string, object?)[] chat =
        [
            ("gen_ai.span.kind", "LLM"), ("gen_ai.session.id", "s-1"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt-5"), ("gen_ai.request.temperature", 0.5),
            ("gen_ai.tool.definitions", Tools),
        ];
        Story(
            Span("helper", null, 0, 100, ("gen_ai.span.kind", "AGENT"), ("gen_ai.session.id", "s-1"), ("gen_ai.agent.name", "helper")),
            Span("chat1", "helper", 1, 10,
                [
                    .. chat, ("gen_ai.input.messages", new[] { User }), ("gen_ai.output.messages", new[] { Call }), ("gen_ai.usage.input_tokens", 20), ("gen_ai.usage.output_tokens", 5),
                    ("gen_ai.usage.cache_read.input_tokens", 8), ("gen_ai.usage.reasoning.output_tokens", 2),
                ]),
            Span("execute_tool get_weather", "helper", 11, 20, ("gen_ai.span.kind", "TOOL"), ("gen_ai.session.id", "s-1"), ("gen_ai.tool.call.arguments", """{"city":"Oslo"}"""), ("gen_ai.tool.call.result", "rain")),
            Span("chat2", "helper", 21, 30,
                [
                    .. chat, ("gen_ai.input.messages", new[] { User, Call, """{"role":"tool","parts":[{"type":"tool_call_response","id":"call-1","response":"rain"}]}""" }),
                    ("gen_ai.output.messages", new[] { """{"role":"assistant","parts":[{"type":"text","content":"It rains."}]}""" }), ("gen_ai.usage.input_tokens", 30), ("gen_ai.usage.output_tokens", 6),
                ])).ShouldBe(Expected("helper", "gpt-5@openai", "model=\"gpt-5\",temperature=0.5"));
    }

    private static string Expected(string name, string model, string parameters, string first = "", string second = "", int reasoning = 2) =>
        $$"""
        /root {{name}} Completed
          turn Completed
            request {{model}} Completed {{first}} 20/8/5/{{reasoning}}
              given:  | get_weather | {{parameters}}
              < User Message  Weather?
              > Assistant FunctionCall call-1 {"city":"Oslo"}
            tool get_weather Completed call-1 asked by {{(first.Length > 0 ? first : "a request")}}, call items 1, outputs 1
            request {{model}} Completed {{second}} 30/0/6/0
              given:  | get_weather | {{parameters}}
              < User Message  Weather?
              < Assistant FunctionCall call-1 {"city":"Oslo"}
              < Tool FunctionCallOutput call-1 rain
              > Assistant Message  It rains.

        """;

    private static string Story(params ForeignSpan[] spans)
    {
        using var bundles = new MappedBundles(spans);
        return bundles.Story;
    }
}

using RolloutTrace.GenAI.Tests.Support;
using static RolloutTrace.GenAI.Tests.Support.SpanText;

namespace RolloutTrace.GenAI.Tests.Whole;

/// <summary>The same run once more, with its content where frameworks of other languages put it.</summary>
public sealed class FrameworkDialectTests
{
    private const string Expected = """
        /root helper Completed
          turn Completed
            request gpt-5@openai Completed resp-1 20/0/5/0
              given: Be brief. | get_weather | model="gpt-5"
              < User Message  Weather?
              > Assistant FunctionCall call-1 {"city":"Oslo"}
            tool get_weather Completed call-1 asked by resp-1, call items 1, outputs 1
            request gpt-5@openai Completed resp-2 30/0/6/0
              given: Be brief. | get_weather | model="gpt-5"
              < User Message  Weather?
              < Assistant FunctionCall call-1 {"city":"Oslo"}
              < Tool FunctionCallOutput call-1 rain
              > Assistant Message  It rains.

        """;

    private const string Calls = """[{"id":"call-1","type":"function","function":{"name":"get_weather","arguments":"{\"city\": \"Oslo\"}"}}]""";

    private static readonly (string, object?)[] Named =
    [
        ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt-5"), ("gen_ai.system_instructions", "Be brief."),
        ("gen_ai.tool.definitions", """[{"type":"function","name":"get_weather"}]"""),
    ];

    private static readonly (string, object?)[] First = [.. Named, ("gen_ai.response.id", "resp-1"), ("gen_ai.usage.input_tokens", 20), ("gen_ai.usage.output_tokens", 5)];

    private static readonly (string, object?)[] Second = [.. Named, ("gen_ai.response.id", "resp-2"), ("gen_ai.usage.input_tokens", 30), ("gen_ai.usage.output_tokens", 6)];

    private static readonly (string, object?) Chat = ("gen_ai.operation.name", "chat");

    [Fact]
    public void Events_whose_content_is_JSON_text_of_blocks()
    {
        var asked = Event("gen_ai.user.message", ("content", """[{"text": "Weather?"}]"""));
        const string Use = """[{"toolUse": {"toolUseId": "call-1", "name": "get_weather", "input": {"city": "Oslo"}}}]""";
        Story(
            Span("agent", null, 0, 100, ("gen_ai.operation.name", "invoke_agent"), ("gen_ai.agent.name", "helper")),
            Span("cycle", "agent", 1, 40, ("event_loop.cycle_id", "x")),
            Span("chat1", "cycle", 2, 10, [Chat, .. First]) with { Events = [asked, Event("gen_ai.choice", ("finish_reason", "tool_use"), ("message", Use))] },
            Span("tool", "cycle", 11, 20, ("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", "get_weather"), ("gen_ai.tool.call.id", "call-1")) with
            {
                Events = [Event("gen_ai.tool.message", ("role", "tool"), ("content", """{"city": "Oslo"}"""), ("id", "call-1")), Event("gen_ai.choice", ("message", """[{"text": "rain"}]"""), ("id", "call-1"))],
            },
            Span("chat2", "agent", 50, 60, [Chat, .. Second]) with
            {
                Events =
                [
                    asked, Event("gen_ai.assistant.message", ("content", Use)),
                    Event("gen_ai.tool.message", ("content", """[{"toolResult": {"toolUseId": "call-1", "status": "success", "content": [{"text": "rain"}]}}]""")),
                    Event("gen_ai.choice", ("finish_reason", "end_turn"), ("message", """[{"text": "It rains."}]""")),
                ],
            }).ShouldBe(Expected);
    }

    [Fact]
    public void Events_as_a_list_in_an_attribute_and_tools_without_an_operation()
    {
        const string Asked = """{"event.name":"gen_ai.user.message","role":"user","content":"Weather?"}""";
        Story(
            Span("agent run", null, 0, 100, ("gen_ai.agent.name", "helper"), ("agent_name", "helper"), ("model_name", "gpt-5"), ("gen_ai.usage.input_tokens", 50)),
            Span("chat1", "agent", 1, 10, [Chat, .. First, ("events", $$$"""[{{{Asked}}},{"event.name":"gen_ai.choice","index":0,"message":{"role":"assistant","tool_calls":{{{Calls}}}}}]""")]),
            Span("tool", "agent", 11, 20, ("gen_ai.tool.name", "get_weather"), ("gen_ai.tool.call.id", "call-1"), ("tool_arguments", """{"city":"Oslo"}"""), ("tool_response", "rain")),
            Span("chat2", "agent", 21, 30,
            [
                Chat, .. Second,
                ("events", $$$"""
                    [{{{Asked}}},{"event.name":"gen_ai.assistant.message","role":"assistant","tool_calls":{{{Calls}}}},
                     {"event.name":"gen_ai.tool.message","role":"tool","id":"call-1","content":"rain"},{"event.name":"gen_ai.choice","message":{"role":"assistant","content":"It rains."}}]
                    """),
            ])).ShouldBe(Expected);
    }

    [Fact]
    public void A_whole_request_and_response_with_the_tool_inside_the_request()
    {
        const string Asked = """{"role":"user","parts":[{"text":"Weather?"}]}""";
        const string Called = """{"role":"model","parts":[{"function_call":{"id":"call-1","name":"get_weather","args":{"city":"Oslo"}}}]}""";
        Story(
            Span("agent", null, 0, 100, ("gen_ai.operation.name", "invoke_agent"), ("gen_ai.agent.name", "helper")),
            Span("call_llm1", "agent", 1, 21, [.. First, ("gcp.vertex.agent.llm_request", $$$"""{"model":"gpt-5","contents":[{{{Asked}}}]}"""), ("gcp.vertex.agent.llm_response", $$$"""{"content":{{{Called}}}}""")]),
            Span("tool", "call_llm1", 11, 20, ("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", "get_weather"), ("gen_ai.tool.call.id", "call-1"),
                ("gcp.vertex.agent.tool_call_args", """{"city": "Oslo"}"""), ("gcp.vertex.agent.tool_response", "rain")),
            Span("call_llm2", "agent", 30, 40,
            [
                .. Second,
                ("gcp.vertex.agent.llm_request", $$$"""{"contents":[{{{Asked}}},{{{Called}}},{"role":"user","parts":[{"function_response":{"id":"call-1","name":"get_weather","response":"rain"}}]}]}"""),
                ("gcp.vertex.agent.llm_response", """{"content":{"role":"model","parts":[{"text":"It rains."}]}}"""),
            ])).ShouldBe(Expected);
    }

    [Fact]
    public void What_such_a_request_says_of_instructions_and_tools()
    {
        Story(Span("call_llm", null, 0, 10, ("gen_ai.system", "gcp.vertex.agent"), ("gen_ai.request.model", "gemini"), ("gcp.vertex.agent.llm_response", """{"content":{"parts":[{"text":"Yes."}],"role":"model"}}"""),
            ("gcp.vertex.agent.llm_request", """{"config":{"system_instruction":"Be brief.","tools":[{"function_declarations":[{"name":"get_weather"}]}]},"contents":[{"role":"user","parts":[{"text":"Well?"}]}]}""")))
            .ShouldContain("given: Be brief. | get_weather |");
    }

    [Fact]
    public void Messages_as_LangChain_writes_itself_and_what_callbacks_put_around_a_call()
    {
        const string Asked = """{"lc":1,"type":"constructor","id":["langchain","schema","messages","HumanMessage"],"kwargs":{"content":"Weather?","type":"human"}}""";
        const string Called = """{"lc":1,"type":"constructor","kwargs":{"content":"","type":"ai","tool_calls":[{"name":"get_weather","args":{"city":"Oslo"},"id":"call-1","type":"tool_call"}]}}""";
        const string Gave = """{"lc":1,"type":"constructor","kwargs":{"content":"rain","type":"tool","tool_call_id":"call-1"}}""";
        Story(
            Span("agent", null, 0, 100, ("gen_ai.operation.name", "invoke_agent"), ("gen_ai.agent.name", "helper")),
            Span("chat1", "agent", 1, 10, [Chat, .. First, ("gen_ai.prompt", $$$"""{"messages":[[{{{Asked}}}]]}"""), ("gen_ai.completion", $$$"""{"generations":[[{"text":"","message":{{{Called}}}}]]}""")]),
            Span("get_weather.tool", "agent", 11, 20, ("traceloop.span.kind", "tool"), ("traceloop.entity.name", "get_weather"),
                ("traceloop.entity.input", """{"input_str":"{'city': 'Oslo'}","tags":["seq:step:1"],"metadata":{},"inputs":{"city":"Oslo"},"kwargs":{"color":"green"}}"""),
                ("traceloop.entity.output", $$$"""{"output":{{{Gave}}},"kwargs":{}}""")),
            Span("chat2", "agent", 21, 30,
            [
                Chat, .. Second, ("gen_ai.prompt", $$$"""{"messages":[[{{{Asked}}},{{{Called}}},{{{Gave}}}]]}"""),
                ("gen_ai.completion", """{"generations":[[{"text":"It rains.","message":{"lc":1,"kwargs":{"content":"It rains.","type":"ai"}}}]]}"""),
            ])).ShouldBe(Expected);
    }

    [Fact]
    public void A_tool_whose_parameters_are_its_schema_and_whose_input_is_printed_by_Python()
    {
        (string, object?)[] asked = [("openinference.span.kind", "LLM"), ("llm.input_messages.0.message.role", "user"), ("llm.input_messages.0.message.content", "Weather?")];
        Story(
            Span("agent", null, 0, 100, ("openinference.span.kind", "AGENT"), ("agent.name", "helper")),
            Span("chat1", "agent", 1, 10,
            [
                .. First, .. asked,
                ("llm.output_messages.0.message.role", "assistant"), ("llm.output_messages.0.message.tool_calls.0.tool_call.id", "call-1"),
                ("llm.output_messages.0.message.tool_calls.0.tool_call.function.name", "get_weather"), ("llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments", """{"city":"Oslo"}"""),
            ]),
            Span("tool", "agent", 11, 20, ("openinference.span.kind", "TOOL"), ("tool.name", "get_weather"), ("tool.parameters", """{"city":{"type":"string"}}"""), ("input.value", "{'city': 'Oslo'}"), ("output.value", "rain")),
            Span("chat2", "agent", 21, 30,
            [
                .. Second, .. asked, ("llm.input_messages.1.message.role", "assistant"), ("llm.input_messages.1.message.tool_calls.0.tool_call.id", "call-1"),
                ("llm.input_messages.1.message.tool_calls.0.tool_call.function.name", "get_weather"), ("llm.input_messages.1.message.tool_calls.0.tool_call.function.arguments", """{"city":"Oslo"}"""),
                ("llm.input_messages.2.message.role", "tool"), ("llm.input_messages.2.message.tool_call_id", "call-1"), ("llm.input_messages.2.message.content", "rain"),
                ("llm.output_messages.0.message.role", "assistant"), ("llm.output_messages.0.message.content", "It rains."),
            ])).ShouldBe(Expected);
    }

    [Fact]
    public void The_Responses_APIs_own_items()
    {
        const string Asked = """{"role":"user","content":"Weather?"}""";
        const string Called = """{"type":"function_call","call_id":"call-1","name":"get_weather","arguments":"{\"city\":\"Oslo\"}"}""";
        Story(
            Span("agent", null, 0, 100, ("gen_ai.operation.name", "invoke_agent"), ("gen_ai.agent.name", "helper")),
            Span("chat1", "agent", 1, 10, [Chat, .. First, ("input.value", $$$"""{"model":"gpt-5","input":[{{{Asked}}}]}"""), ("output.value", $$$"""{"id":"resp-1","output":[{{{Called}}}]}""")]),
            Span("tool", "agent", 11, 20, ("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", "get_weather"), ("gen_ai.tool.call.id", "call-1"),
                ("gen_ai.input.messages", """[{"role":"tool","parts":[{"type":"tool_call","id":"call-1","name":"get_weather","arguments":{"city":"Oslo"}}]}]"""),
                ("gen_ai.output.messages", """[{"role":"tool","parts":[{"type":"tool_call_response","id":"call-1","response":[{"type":"text","text":"rain"}]}]}]""")),
            Span("chat2", "agent", 21, 30,
            [
                Chat, .. Second, ("input.value", $$$"""[{{{Asked}}},{{{Called}}},{"type":"function_call_output","call_id":"call-1","output":"rain"}]"""),
                ("output.value", """{"output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"It rains."}]}]}"""),
            ])).ShouldBe(Expected);
    }

    [Fact]
    public void A_call_that_hands_over_may_have_a_span_that_says_only_to_whom()
    {
        var story = Story(
            Span("workflow", null, 0, 100, ("openinference.span.kind", "AGENT")),
            Span("triage", "workflow", 1, 30, ("openinference.span.kind", "AGENT"), ("graph.node.id", "triage")),
            Span("chat1", "triage", 2, 20,
            [
                .. First, ("openinference.span.kind", "LLM"), ("llm.input_messages.0.message.role", "user"), ("llm.input_messages.0.message.content", "hola"),
                ("llm.output_messages.0.message.role", "assistant"), ("llm.output_messages.0.message.tool_calls.0.tool_call.id", "call-1"),
                ("llm.output_messages.0.message.tool_calls.0.tool_call.function.name", "transfer_to_spanish"), ("llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments", "{}"),
            ]),
            Span("handoff to Spanish", "triage", 21, 22, ("openinference.span.kind", "TOOL")),
            Span("spanish", "workflow", 31, 60, ("openinference.span.kind", "AGENT"), ("graph.node.id", "spanish")),
            Span("chat2", "spanish", 32, 50, [.. Second, ("openinference.span.kind", "LLM"), ("llm.input_messages.0.message.role", "user"), ("llm.input_messages.0.message.content", "hola")]));
        story.ShouldContain("tool handoff to Spanish Completed call-1 asked by resp-1");
        story.ShouldContain("/root/spanish");
        story.ShouldContain("SpawnAgent");
    }

    private static string Story(params ForeignSpan[] spans)
    {
        using var bundles = new MappedBundles(spans);
        return bundles.Story;
    }
}

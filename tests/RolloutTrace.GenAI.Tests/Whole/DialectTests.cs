using RolloutTrace.GenAI.Tests.Support;
using static RolloutTrace.GenAI.Tests.Support.SpanText;

namespace RolloutTrace.GenAI.Tests.Whole;

/// <summary>The same run, told in each dialect: a question, a call, what it gave, an answer. What is made of it is the same.</summary>
public sealed class DialectTests
{
    private const string Expected = """
        /root helper Completed
          turn Completed
            request gpt-5@openai Completed resp-1 20/8/5/2
              given: Be brief. | get_weather | model="gpt-5",temperature=0.5
              < User Message  Weather?
              > Assistant FunctionCall call-1 {"city":"Oslo"}
            tool get_weather Completed call-1 asked by resp-1, call items 1, outputs 1
            request gpt-5@openai Completed resp-2 30/0/6/0
              given: Be brief. | get_weather | model="gpt-5",temperature=0.5
              < User Message  Weather?
              < Assistant FunctionCall call-1 {"city":"Oslo"}
              < Tool FunctionCallOutput call-1 rain
              > Assistant Message  It rains.

        """;

    [Fact]
    public void The_conventions_of_today()
    {
        (string, object?)[] given =
        [
            ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "openai"), ("gen_ai.request.model", "gpt-5"), ("gen_ai.request.temperature", 0.5),
            ("gen_ai.system_instructions", """[{"type":"text","content":"Be brief."}]"""),
            ("gen_ai.tool.definitions", """[{"type":"function","name":"get_weather","parameters":{"type":"object"}}]"""),
        ];
        Story(
            Span("agent", null, 0, 100, ("gen_ai.operation.name", "invoke_agent"), ("gen_ai.agent.name", "helper")),
            Span("chat1", "agent", 1, 10,
            [
                .. given,
                ("gen_ai.input.messages", """[{"role":"user","parts":[{"type":"text","content":"Weather?"}]}]"""),
                ("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"tool_call","id":"call-1","name":"get_weather","arguments":{"city": "Oslo"}}],"finish_reason":"tool_calls"}]"""),
                ("gen_ai.response.id", "resp-1"), ("gen_ai.response.finish_reasons", new[] { "tool_calls" }),
                ("gen_ai.usage.input_tokens", 20), ("gen_ai.usage.output_tokens", 5L), ("gen_ai.usage.cache_read.input_tokens", 8), ("gen_ai.usage.reasoning.output_tokens", 2),
            ]),
            Span("tool", "agent", 11, 20,
                ("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", "get_weather"), ("gen_ai.tool.call.id", "call-1"),
                ("gen_ai.tool.call.arguments", """{"city":"Oslo"}"""), ("gen_ai.tool.call.result", "rain")),
            Span("chat2", "agent", 21, 30,
            [
                .. given,
                ("gen_ai.input.messages", """
                    [{"role":"user","parts":[{"type":"text","content":"Weather?"}]},
                     {"role":"assistant","parts":[{"type":"tool_call","id":"call-1","name":"get_weather","arguments":{"city":"Oslo"}}]},
                     {"role":"tool","parts":[{"type":"tool_call_response","id":"call-1","response":"rain"}]}]
                    """),
                ("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"text","content":"It rains."}],"finish_reason":"stop"}]"""),
                ("gen_ai.response.id", "resp-2"), ("gen_ai.usage.input_tokens", 30), ("gen_ai.usage.output_tokens", 6),
            ])).ShouldBe(Expected);
    }

    [Fact]
    public void Messages_as_events_of_older_conventions()
    {
        (string, object?)[] given =
        [
            ("gen_ai.operation.name", "chat.completions"), ("gen_ai.system", "openai"), ("gen_ai.request.model", "gpt-5"), ("gen_ai.request.temperature", 0.5),
            ("gen_ai.system_instructions", "Be brief."), ("gen_ai.tool.definitions", """[{"type":"function","name":"get_weather"}]"""),
        ];
        var asked = Event("gen_ai.user.message", ("gen_ai.system", "openai"), ("gen_ai.event.content", """{"role":"user","content":"Weather?"}"""));
        Story(
            Span("agent", null, 0, 100, ("gen_ai.operation.name", "invoke_agent"), ("gen_ai.agent.name", "helper")),
            Span("chat1", "agent", 1, 10,
            [
                .. given, ("gen_ai.response.id", "resp-1"), ("gen_ai.response.finish_reasons", """["tool_calls"]"""),
                ("gen_ai.usage.prompt_tokens", 20), ("gen_ai.usage.completion_tokens", 5), ("gen_ai.usage.cache_read_input_tokens", 8), ("gen_ai.usage.reasoning_tokens", 2),
            ]) with
            {
                Events =
                [
                    asked,
                    Event("gen_ai.choice", ("gen_ai.event.content", """{"index":0,"message":{"role":"assistant","tool_calls":[{"id":"call-1","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Oslo\"}"}}]},"finish_reason":"tool_calls"}""")),
                ],
            },
            Span("tool", "agent", 11, 20,
                ("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", "get_weather"), ("gen_ai.tool.call.id", "call-1"),
                ("gen_ai.tool.call.arguments", """{"city":"Oslo"}"""), ("gen_ai.tool.call.result", "\"rain\"")),
            Span("chat2", "agent", 21, 30, [.. given, ("gen_ai.response.id", "resp-2"), ("gen_ai.usage.prompt_tokens", 30), ("gen_ai.usage.completion_tokens", 6)]) with
            {
                Events =
                [
                    asked,
                    Event("gen_ai.assistant.message", ("tool_calls", """[{"id":"call-1","type":"function","function":{"name":"get_weather","arguments":"{\"city\":\"Oslo\"}"}}]""")),
                    Event("gen_ai.tool.message", ("id", "call-1"), ("content", "rain")),
                    Event("gen_ai.choice", ("index", 0), ("message", """{"role":"assistant","content":"It rains."}"""), ("finish_reason", "stop")),
                ],
            }).ShouldBe(Expected);
    }

    [Fact]
    public void OpenInference()
    {
        (string, object?)[] given =
        [
            ("openinference.span.kind", "LLM"), ("llm.provider", "openai"), ("llm.model_name", "gpt-5"), ("llm.invocation_parameters", """{"model":"gpt-5","temperature":0.5}"""),
            ("gen_ai.system_instructions", "Be brief."), ("llm.tools.0.tool.json_schema", """{"type":"function","function":{"name":"get_weather"}}"""),
            ("llm.input_messages.0.message.role", "user"), ("llm.input_messages.0.message.content", "Weather?"),
        ];
        Story(
            Span("agent", null, 0, 100, ("openinference.span.kind", "AGENT"), ("agent.name", "helper")),
            Span("chat1", "agent", 1, 10,
            [
                .. given, ("gen_ai.response.id", "resp-1"),
                ("llm.output_messages.0.message.role", "assistant"),
                ("llm.output_messages.0.message.tool_calls.0.tool_call.id", "call-1"),
                ("llm.output_messages.0.message.tool_calls.0.tool_call.function.name", "get_weather"),
                ("llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments", """{"city": "Oslo"}"""),
                ("llm.token_count.prompt", 20), ("llm.token_count.completion", 5), ("llm.token_count.prompt_details.cache_read", 8), ("llm.token_count.completion_details.reasoning", 2),
            ]),
            Span("tool", "agent", 11, 20, ("openinference.span.kind", "TOOL"), ("tool.name", "get_weather"), ("tool_call.id", "call-1"), ("input.value", """{"city":"Oslo"}"""), ("output.value", "rain")),
            Span("chat2", "agent", 21, 30,
            [
                .. given, ("gen_ai.response.id", "resp-2"),
                ("llm.input_messages.1.message.role", "assistant"),
                ("llm.input_messages.1.message.tool_calls.0.tool_call.id", "call-1"),
                ("llm.input_messages.1.message.tool_calls.0.tool_call.function.name", "get_weather"),
                ("llm.input_messages.1.message.tool_calls.0.tool_call.function.arguments", """{"city":"Oslo"}"""),
                ("llm.input_messages.2.message.role", "tool"), ("llm.input_messages.2.message.tool_call_id", "call-1"), ("llm.input_messages.2.message.content", "rain"),
                ("llm.output_messages.0.message.role", "assistant"), ("llm.output_messages.0.message.contents.0.message_content.type", "text"),
                ("llm.output_messages.0.message.contents.0.message_content.text", "It rains."),
                ("llm.token_count.prompt", 30), ("llm.token_count.completion", 6),
            ])).ShouldBe(Expected);
    }

    [Fact]
    public void OpenLLMetry()
    {
        (string, object?)[] given =
        [
            ("llm.request.type", "chat"), ("gen_ai.system", "openai"), ("gen_ai.request.model", "gpt-5"), ("gen_ai.request.temperature", 0.5), ("gen_ai.system_instructions", "Be brief."),
            ("llm.request.functions.0.name", "get_weather"), ("gen_ai.prompt.0.role", "user"), ("gen_ai.prompt.0.content", "Weather?"),
        ];
        Story(
            Span("agent", null, 0, 100, ("traceloop.span.kind", "agent"), ("gen_ai.agent.name", "helper")),
            Span("chat1", "agent", 1, 10,
            [
                .. given, ("gen_ai.response.id", "resp-1"),
                ("gen_ai.completion.0.role", "assistant"), ("gen_ai.completion.0.finish_reason", "tool_calls"), ("gen_ai.completion.0.tool_calls.0.id", "call-1"),
                ("gen_ai.completion.0.tool_calls.0.name", "get_weather"), ("gen_ai.completion.0.tool_calls.0.arguments", """{"city": "Oslo"}"""),
                ("gen_ai.usage.prompt_tokens", 20), ("gen_ai.usage.completion_tokens", 5), ("gen_ai.usage.cache_read_input_tokens", 8), ("gen_ai.usage.reasoning_tokens", 2),
            ]),
            Span("tool", "agent", 11, 20, ("traceloop.span.kind", "tool"), ("traceloop.entity.name", "get_weather"), ("gen_ai.tool.call.id", "call-1"),
                ("traceloop.entity.input", """{"city":"Oslo"}"""), ("traceloop.entity.output", "\"rain\"")),
            Span("chat2", "agent", 21, 30,
            [
                .. given, ("gen_ai.response.id", "resp-2"),
                ("gen_ai.prompt.1.role", "assistant"), ("gen_ai.prompt.1.tool_calls.0.id", "call-1"), ("gen_ai.prompt.1.tool_calls.0.name", "get_weather"),
                ("gen_ai.prompt.1.tool_calls.0.arguments", """{"city":"Oslo"}"""),
                ("gen_ai.prompt.2.role", "tool"), ("gen_ai.prompt.2.tool_call_id", "call-1"), ("gen_ai.prompt.2.content", "rain"),
                ("gen_ai.completion.0.role", "assistant"), ("gen_ai.completion.0.content", "It rains."), ("gen_ai.usage.prompt_tokens", 30), ("gen_ai.usage.completion_tokens", 6),
            ])).ShouldBe(Expected);
    }

    [Fact]
    public void Vercel_AI_SDK()
    {
        (string, object?)[] given =
        [
            ("ai.operationId", "ai.generateText.doGenerate"), ("operation.name", "ai.generateText.doGenerate"), ("ai.model.provider", "openai"), ("ai.model.id", "gpt-5"), ("ai.settings.temperature", 0.5),
            ("gen_ai.system_instructions", "Be brief."), ("ai.prompt.tools", new[] { """{"type":"function","name":"get_weather"}""" }),
        ];
        Story(
            Span("turn", null, 0, 100, ("ai.operationId", "ai.generateText"), ("gen_ai.agent.name", "helper")),
            Span("chat1", "turn", 1, 10,
            [
                .. given, ("ai.response.id", "resp-1"), ("ai.response.finishReason", "tool-calls"),
                ("ai.prompt.messages", """[{"role":"user","content":[{"type":"text","text":"Weather?"}]}]"""),
                ("ai.response.toolCalls", """[{"type":"tool-call","toolCallId":"call-1","toolName":"get_weather","input":"{\"city\": \"Oslo\"}"}]"""),
                ("ai.usage.inputTokens", 20), ("ai.usage.outputTokens", 5), ("ai.usage.cachedInputTokens", 8), ("ai.usage.reasoningTokens", 2),
            ]),
            Span("tool", "turn", 11, 20, ("ai.operationId", "ai.toolCall"), ("ai.toolCall.name", "get_weather"), ("ai.toolCall.id", "call-1"), ("ai.toolCall.args", """{"city":"Oslo"}"""), ("ai.toolCall.result", "\"rain\"")),
            Span("chat2", "turn", 21, 30,
            [
                .. given, ("ai.response.id", "resp-2"), ("ai.response.finishReason", "stop"),
                ("ai.prompt.messages", """
                    [{"role":"user","content":[{"type":"text","text":"Weather?"}]},
                     {"role":"assistant","content":[{"type":"tool-call","toolCallId":"call-1","toolName":"get_weather","input":{"city":"Oslo"}}]},
                     {"role":"tool","content":[{"type":"tool-result","toolCallId":"call-1","toolName":"get_weather","output":{"type":"text","value":"rain"}}]}]
                    """),
                ("ai.response.text", "It rains."), ("ai.usage.promptTokens", 30), ("ai.usage.completionTokens", 6),
            ])).ShouldBe(Expected);
    }

    [Fact]
    public void Files_that_a_model_made_are_in_its_answer() =>
        Story(Span("chat1", null, 1, 10,
            ("ai.operationId", "ai.generateText.doGenerate"), ("ai.model.id", "gpt-5"), ("ai.model.provider", "openai"),
            ("ai.prompt.messages", """[{"role":"user","content":[{"type":"text","text":"Draw."}]}]"""),
            ("ai.response.text", "Here."), ("ai.response.files", """[{"type":"file","mediaType":"image/png","data":"iVBORw0KGgo="}]"""))).ShouldEndWith("      < User Message  Draw.\n      > Assistant Message  Here. [file]\n");

    private static string Story(params ForeignSpan[] spans)
    {
        using var bundles = new MappedBundles(spans);
        return bundles.Story;
    }
}

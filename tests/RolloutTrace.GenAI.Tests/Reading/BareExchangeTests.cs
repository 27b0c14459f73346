using RolloutTrace.GenAI.Tests.Support;
using static RolloutTrace.GenAI.Tests.Support.SpanText;

namespace RolloutTrace.GenAI.Tests.Reading;

/// <summary>What a model was given and gave, where a span has each as one value that may be text, messages or an API's whole request or response.</summary>
public sealed class BareExchangeTests
{
    /// <summary>Each with what is made of it, an item a line.</summary>
    public static TheoryData<string, string> Answers => new()
    {
        // What a model writes that was asked for JSON.
        { """[{"city":"Oslo"}, {"city":"Bergen"}]""", """Message [{"city":"Oslo"}, {"city":"Bergen"}]""" },
        { """{ "city": "Oslo" }""", """Message { "city": "Oslo" }""" },
        { """[{"type":"note","content":"Buy milk"}]""", """Message [{"type":"note","content":"Buy milk"}]""" },
        { """[{"name":"a.cs","content":"class A;"}]""", """Message [{"name":"a.cs","content":"class A;"}]""" },
        { """[{"text":"Great","sentiment":"good"}]""", """Message [{"text":"Great","sentiment":"good"}]""" },
        { """[{"role":"Engineer","skills":["C#"]}]""", """Message [{"role":"Engineer","skills":["C#"]}]""" },
        { """{"choices":[{"label":"A","text":"Oslo"},{"label":"B","text":"Bergen"}]}""", """Message {"choices":[{"label":"A","text":"Oslo"},{"label":"B","text":"Bergen"}]}""" },
        { """{"candidates":[{"name":"Ann","score":3}]}""", """Message {"candidates":[{"name":"Ann","score":3}]}""" },
        { """{"message":{"subject":"Hi","body":"Yo"}}""", """Message {"message":{"subject":"Hi","body":"Yo"}}""" },
        { """{"output":["a","b"]}""", """Message {"output":["a","b"]}""" },
        { """{"messages":[{"id":1,"subject":"Hi"}],"more":false}""", """Message {"messages":[{"id":1,"subject":"Hi"}],"more":false}""" },
        { "[[1,2],[3,4]]", "Message [[1,2],[3,4]]" },
        { "[1, 2]", "Message [1, 2]" },
        { "12", "Message 12" },

        // Messages and their parts.
        { """["Oslo"]""", "Message Oslo" },
        { """[{"content":"Oslo"}]""", "Message Oslo" },
        { """[{"role":"assistant","content":"Oslo"}]""", "Message Oslo" },
        { """{"role":"assistant","content":"[{\"city\":\"Oslo\"}]"}""", """Message [{"city":"Oslo"}]""" },
        { """{"lc":1,"type":"constructor","id":["AIMessage"],"kwargs":{"content":"Oslo","type":"ai"}}""", "Message Oslo" },
        { """[{"type":"text","text":"Oslo"}]""", "Message Oslo" },
        { """[{"text":"Oslo"},{"toolUse":{"toolUseId":"t","name":"f","input":{"x":1}}}]""", """Message Oslo|FunctionCall t {"x":1}""" },
        { """[{"type":"thinking","thinking":"Hm"},{"type":"tool_use","id":"t","name":"f","input":{}}]""", "Reasoning Hm|FunctionCall t {}" },
        { """{"tool_calls":[{"id":"t","type":"function","function":{"name":"f","arguments":"{}"}}]}""", "FunctionCall t {}" },

        // Whole responses: Chat Completions, Responses, Messages, Gemini, Converse.
        { """{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"[{\"city\":\"Oslo\"}]"},"finish_reason":"stop"}]}""", """Message [{"city":"Oslo"}]""" },
        { """{"id":"c","object":"text_completion","model":"m","choices":[{"index":0,"text":"Oslo","finish_reason":"stop"}]}""", "Message Oslo" },
        { """{"id":"r","object":"response","output":[{"type":"reasoning","id":"rs","summary":[{"type":"summary_text","text":"Hm"}]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Oslo"}]}]}""", "Reasoning Hm|Message Oslo" },
        { """{"id":"m","type":"message","role":"assistant","content":[{"type":"text","text":"Oslo"}],"stop_reason":"end_turn"}""", "Message Oslo" },
        { """{"candidates":[{"content":{"role":"model","parts":[{"text":"Oslo"}]},"finishReason":"STOP"}]}""", "Message Oslo" },
        { """{"output":{"message":{"role":"assistant","content":[{"text":"Oslo"}]}},"stopReason":"end_turn"}""", "Message Oslo" },

        // Whole responses without words.
        { """{"id":"c","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"t","type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""", "FunctionCall t {}" },
        { """{"id":"c","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":null,"refusal":"No."},"finish_reason":"stop"}]}""", "Message No." },
        { """{"id":"c","model":"m","choices":[]}""", "" },
        { """{"id":"r","object":"response","output":[{"type":"function_call","call_id":"t","name":"f","arguments":"{}"}]}""", "FunctionCall t {}" },
        { """{"id":"r","object":"response","output":[]}""", "" },
        { """{"id":"m","type":"message","role":"assistant","content":[]}""", "" },
        { """{"candidates":[{"finishReason":"SAFETY","index":0}],"usageMetadata":{"promptTokenCount":3}}""", "" },
        { """{"promptFeedback":{"blockReason":"SAFETY"}}""", "" },
        { "[]", "" },
        { "{}", "" },
    };

    public static TheoryData<string, string> Questions => new()
    {
        { """[{"city":"Oslo"}]""", """Message [{"city":"Oslo"}]""" },
        { """{"user_msg":"Hi"}""", """Message {"user_msg":"Hi"}""" },
        { """{"messages":[{"id":1,"subject":"Hi"}]}""", """Message {"messages":[{"id":1,"subject":"Hi"}]}""" },
        { """{"input":["a"],"unit":"km"}""", """Message {"input":["a"],"unit":"km"}""" },
        { """{"messages":[{"role":"user","content":"Hi"}],"temperature":0}""", "Message Hi" },
        { """{"messages":[["user","Hi"]]}""", "Message Hi" },
        { """{"contents":[{"role":"user","parts":[{"text":"Hi"}]}]}""", "Message Hi" },
        { """{"model":"m","input":"Hi"}""", "Message Hi" },
        { """{"model":"m","prompt":"Hi"}""", "Message Hi" },
        { """{"prompts":["Hi"],"invocation":{}}""", "Message Hi" },
        { "[]", "" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void An_answer(string value, string expected)
    {
        Items("Hi", value).ShouldBe(("Message Hi", expected));
    }

    [Theory]
    [MemberData(nameof(Questions))]
    public void A_question(string value, string expected)
    {
        Items(value, "Yo").ShouldBe((expected, "Message Yo"));
    }

    [Theory]
    [InlineData("""["Oslo"]""")]
    [InlineData("""[{"text":"Oslo"}]""")]
    [InlineData("[]")]
    public void A_text_that_is_told_to_be_one_is_that_whatever_stands_in_it(string value)
    {
        Items("Hi", value, ("output.mime_type", "text/plain")).Output.ShouldBe($"Message {value}");
    }

    [Theory]
    [InlineData("gen_ai.choice", "message", """[{"city":"Oslo"}]""", """[{"city":"Oslo"}]""")]
    [InlineData("gen_ai.choice", "message", """{"city":"Oslo"}""", """{"city":"Oslo"}""")]
    [InlineData("gen_ai.choice", "message", """[{"type":"note","title":"Oslo"}]""", """[{"type":"note","title":"Oslo"}]""")]
    [InlineData("gen_ai.choice", "message", """[{"text":"Oslo"}]""", "Oslo")]
    [InlineData("gen_ai.choice", "message", """{"role":"assistant","content":"Oslo"}""", "Oslo")]
    [InlineData("gen_ai.content.completion", "gen_ai.completion", """[{"city":"Oslo"}]""", """[{"city":"Oslo"}]""")]
    [InlineData("gen_ai.content.completion", "gen_ai.completion", """[{"role":"assistant","content":"Oslo"}]""", "Oslo")]
    public void An_answer_in_an_event(string name, string attribute, string value, string expected)
    {
        Items(Span("chat", null, 0, 10, ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "m")) with
        {
            Events = [Event("gen_ai.user.message", ("content", """{"city":"Oslo"}""")), Event(name, (attribute, value))],
        }).ShouldBe(("""Message {"city":"Oslo"}""", $"Message {expected}"));
    }

    private static (string Input, string Output) Items(string given, string gave, params (string, object?)[] more) =>
        Items(Span("chat", null, 0, 10, [("openinference.span.kind", "LLM"), ("llm.model_name", "m"), ("input.value", given), ("output.value", gave), .. more]));

    private static (string Input, string Output) Items(ForeignSpan span)
    {
        using var bundles = new MappedBundles([span]);
        var lines = bundles.Story.Split('\n').Select(static line => line.Trim()).ToList();
        return (Of('<'), Of('>'));

        string Of(char side) => string.Join('|', lines.Where(line => line.StartsWith(side)).Select(static line => string.Join(' ', line[2..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..])));
    }
}

using Microsoft.Extensions.AI;

namespace RolloutTrace.Replay.Tests;

/// <summary>The same conversation is answered in whichever API's words it was recorded.</summary>
public sealed class DialectTests
{
    private const string Schema = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""";

    public static TheoryData<string> Dialects => new("responses", "responses-wire", "chat-completions", "chat-completions-stream", "messages", "gemini", "gen-ai");

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task A_conversation_is_answered_whatever_API_it_was_recorded_from(string dialect)
    {
        using var bundle = Recorded(dialect);
        using var run = RecordedRun.Of(bundle.Open());
        using var client = new ReplayChatClient(run);

        foreach (var streams in (bool[])[false, true])
        {
            using var again = new ReplayChatClient(run);
            var history = new List<ChatMessage> { new(ChatRole.User, "How is Rome?") };
            var options = new ChatOptions { Instructions = "Be short.", Temperature = 0.2f, Tools = [AIFunctionFactory.Create((string city) => "", "weather", "Tells the weather.")] };
            var asked = await Ask(again, history, options, streams);
            var call = asked.Messages.SelectMany(static message => message.Contents).OfType<FunctionCallContent>().ShouldHaveSingleItem();
            call.Name.ShouldBe("weather");
            call.Arguments!["city"]!.ToString().ShouldBe("Rome");
            asked.Usage!.InputTokenCount.ShouldBe(12);
            asked.Usage.OutputTokenCount.ShouldBe(3);

            history.AddRange(asked.Messages);
            history.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, "22 degrees")]));
            var answered = await Ask(again, history, options, streams);
            answered.Text.ShouldBe("It is warm.");
            answered.FinishReason.ShouldBe(ChatFinishReason.Stop);
        }
    }

    [Fact]
    public async Task A_request_that_continues_a_response_is_recognised_by_what_it_continues()
    {
        using var bundle = new TestBundle().WithTurn()
            .Request("i1", """{"model":"m","input":"one"}""")
            .Respond("i1", """{"output_items":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"1"}]}],"response_id":"resp_1"}""", "resp_1")
            .Request("i2", """{"model":"m","previous_response_id":"resp_1","input":"two"}""")
            .Respond("i2", """{"output_items":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"2"}]}]}""", "resp_2");
        using var run = RecordedRun.Of(bundle.Open());

        using var continued = new ReplayChatClient(run);
        var first = await continued.GetResponseAsync("one");
        first.ConversationId.ShouldBe("resp_1");
        (await continued.GetResponseAsync("two", new ChatOptions { ConversationId = first.ConversationId })).Text.ShouldBe("2");

        // One that sends the whole history shows the model the same.
        using var whole = new ReplayChatClient(run);
        await whole.GetResponseAsync("one");
        (await whole.GetResponseAsync([new(ChatRole.User, "one"), new(ChatRole.Assistant, "1"), new(ChatRole.User, "two")])).Text.ShouldBe("2");

        using var alone = new ReplayChatClient(run);
        (await Should.ThrowAsync<ReplayException>(() => alone.GetResponseAsync("two"))).Difference!.ShouldBe(new ReplayDifference { What = "item", Index = 0, Recorded = "user: one", Asked = "user: two" });
    }

    private static async Task<ChatResponse> Ask(IChatClient client, List<ChatMessage> history, ChatOptions options, bool streams) =>
        streams ? await client.GetStreamingResponseAsync(history, options).ToChatResponseAsync() : await client.GetResponseAsync(history, options);

    /// <summary>A question, a call of a tool, and an answer, in an API's words.</summary>
    internal static TestBundle Recorded(string dialect)
    {
        var bundle = new TestBundle().WithTurn();
        var (first, asked, second, answered) = dialect switch
        {
            "responses" => (
                """{"model":"m","instructions":"Be short.","temperature":0.2,"tools":[{"type":"function","name":"weather","description":"Tells the weather.","parameters":SCHEMA}],"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"How is Rome?"}]}]}""",
                """{"response_id":"r1","token_usage":{"input_tokens":12,"cached_input_tokens":0,"output_tokens":3,"reasoning_output_tokens":0},"output_items":[{"type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"Hm."}]},{"type":"function_call","call_id":"c1","name":"weather","arguments":"{\"city\": \"Rome\"}"}]}""",
                """{"model":"m","instructions":"Be short.","temperature":0.2,"tools":[{"type":"function","name":"weather","description":"Tells the weather.","parameters":SCHEMA}],"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"How is Rome?"}]},{"type":"function_call","call_id":"c1","name":"weather","arguments":"{\"city\": \"Rome\"}"},{"type":"function_call_output","call_id":"c1","output":"22 degrees"}]}""",
                """{"output_items":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"It is warm."}]}]}"""),
            "responses-wire" => (
                """{"model":"m","instructions":"Be short.","temperature":0.2,"stream":true,"store":false,"tools":[{"type":"function","name":"weather","description":"Tells the weather.","strict":false,"parameters":SCHEMA}],"input":"How is Rome?"}""",
                """{"id":"r1","object":"response","model":"m-1","usage":{"input_tokens":12,"output_tokens":3,"total_tokens":15},"output":[{"id":"fc_1","type":"function_call","call_id":"c1","name":"weather","arguments":"{\"city\": \"Rome\"}","status":"completed"}]}""",
                """{"model":"m","instructions":"Be short.","temperature":0.2,"stream":true,"store":false,"tools":[{"type":"function","name":"weather","description":"Tells the weather.","strict":false,"parameters":SCHEMA}],"input":[{"role":"user","content":"How is Rome?"},{"id":"fc_1","type":"function_call","call_id":"c1","name":"weather","arguments":"{\"city\": \"Rome\"}","status":"completed"},{"type":"function_call_output","call_id":"c1","output":"22 degrees"}]}""",
                """{"id":"r2","object":"response","status":"completed","output":[{"id":"m_1","type":"message","role":"assistant","content":[{"type":"output_text","text":"It is warm.","annotations":[]}]}]}"""),
            "chat-completions" or "chat-completions-stream" => (
                """{"model":"m","temperature":0.2,"stream":true,"stream_options":{"include_usage":true},"tools":[{"type":"function","function":{"name":"weather","description":"Tells the weather.","parameters":SCHEMA}}],"messages":[{"role":"system","content":"Be short."},{"role":"user","content":[{"type":"text","text":"How is Rome?"}]}]}""",
                dialect == "chat-completions"
                    ? """{"id":"r1","choices":[{"index":0,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\": \"Rome\"}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":12,"completion_tokens":3}}"""
                    : """[{"id":"r1","choices":[{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\":"}}]}}]},{"id":"r1","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":" \"Rome\"}"}}]},"finish_reason":"tool_calls"}]},{"id":"r1","choices":[],"usage":{"prompt_tokens":12,"completion_tokens":3}}]""",
                """{"model":"m","temperature":0.2,"tools":[{"type":"function","function":{"name":"weather","description":"Tells the weather.","parameters":SCHEMA}}],"messages":[{"role":"system","content":"Be short."},{"role":"user","content":"How is Rome?"},{"role":"assistant","content":"","tool_calls":[{"id":"c1","type":"function","function":{"name":"weather","arguments":"{\"city\": \"Rome\"}"}}]},{"role":"tool","tool_call_id":"c1","content":"22 degrees"}]}""",
                """{"id":"r2","choices":[{"index":0,"message":{"role":"assistant","content":"It is warm."},"finish_reason":"stop"}]}"""),
            "messages" => (
                """{"model":"m","max_tokens":1000,"temperature":0.2,"system":[{"type":"text","text":"Be short."}],"tools":[{"name":"weather","description":"Tells the weather.","input_schema":SCHEMA}],"messages":[{"role":"user","content":[{"type":"text","text":"How is Rome?"}]}]}""",
                """{"id":"r1","type":"message","role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"x"},{"type":"tool_use","id":"c1","name":"weather","input":{"city":"Rome"}}],"stop_reason":"tool_use","usage":{"input_tokens":12,"output_tokens":3}}""",
                """{"model":"m","max_tokens":1000,"temperature":0.2,"system":"Be short.","tools":[{"name":"weather","description":"Tells the weather.","input_schema":SCHEMA}],"messages":[{"role":"user","content":[{"type":"text","text":"How is Rome?"}]},{"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"x"},{"type":"tool_use","id":"c1","name":"weather","input":{"city":"Rome"}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"22 degrees"}]}]}""",
                """{"id":"r2","type":"message","role":"assistant","content":[{"type":"text","text":"It is warm."}],"stop_reason":"end_turn","usage":{"input_tokens":12,"output_tokens":3}}"""),
            "gemini" => (
                """{"systemInstruction":{"parts":[{"text":"Be short."}]},"generationConfig":{"temperature":0.2},"tools":[{"functionDeclarations":[{"name":"weather","description":"Tells the weather.","parameters":SCHEMA}]}],"contents":[{"role":"user","parts":[{"text":"How is Rome?"}]}]}""",
                """{"responseId":"r1","candidates":[{"content":{"role":"model","parts":[{"functionCall":{"name":"weather","args":{"city":"Rome"}}}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":12,"candidatesTokenCount":3}}""",
                """{"systemInstruction":{"parts":[{"text":"Be short."}]},"generationConfig":{"temperature":0.2},"tools":[{"functionDeclarations":[{"name":"weather","description":"Tells the weather.","parameters":SCHEMA}]}],"contents":[{"role":"user","parts":[{"text":"How is Rome?"}]},{"role":"model","parts":[{"functionCall":{"name":"weather","args":{"city":"Rome"}}}]},{"role":"user","parts":[{"functionResponse":{"name":"weather","response":{"result":"22 degrees"}}}]}]}""",
                """{"responseId":"r2","candidates":[{"content":{"role":"model","parts":[{"text":"It is warm."}]},"finishReason":"STOP"}]}"""),
            _ => (
                """{"model":"m","system_instructions":[{"type":"text","content":"Be short."}],"temperature":0.2,"tools":[{"type":"function","name":"weather","description":"Tells the weather.","parameters":SCHEMA}],"messages":[{"role":"user","parts":[{"type":"text","content":"How is Rome?"}]}]}""",
                """{"id":"r1","usage":{"input_tokens":12,"output_tokens":3},"messages":[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"weather","arguments":{"city":"Rome"}}],"finish_reason":"tool_calls"}]}""",
                """{"model":"m","system_instructions":[{"type":"text","content":"Be short."}],"temperature":0.2,"tools":[{"type":"function","name":"weather","description":"Tells the weather.","parameters":SCHEMA}],"messages":[{"role":"user","parts":[{"type":"text","content":"How is Rome?"}]},{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"weather","arguments":{"city":"Rome"}}]},{"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":"22 degrees"}]}]}""",
                """{"id":"r2","messages":[{"role":"assistant","parts":[{"type":"text","content":"It is warm."}],"finish_reason":"stop"}]}"""),
        };
        return bundle.Request("i1", first.Replace("SCHEMA", Schema, StringComparison.Ordinal)).Respond("i1", asked, "r1").Request("i2", second.Replace("SCHEMA", Schema, StringComparison.Ordinal)).Respond("i2", answered, "r2");
    }
}

using System.Text;
using System.Text.Json;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Tests;

public sealed class ContentTests
{
    private const string Request = """
        {"model":"gpt-5","instructions":"You are terse.","tools":[{"type":"function","name":"f","description":"does f","parameters":{"type":"object"}},{"type":"web_search"}],"input":[
            {"type":"message","role":"developer","content":[{"type":"input_text","text":"be brief"}]},
            {"type":"message","role":"user","content":"hello"},
            {"type":"agent_message","author":"/root","recipient":"/root/worker","content":[{"type":"input_text","text":"look"}]},
            {"type":"reasoning","content":null,"summary":[{"type":"summary_text","text":"think"}],"encrypted_content":"x"},
            {"type":"function_call","call_id":"call-1","name":"f","arguments":"{\"a\":1}"},
            {"type":"function_call_output","call_id":"call-1","output":"done"},
            {"type":"reasoning","summary":[],"encrypted_content":"nobody can read it"},
            {"type":"message","role":"assistant","content":[]},
            {"type":"function_call_output","call_id":"call-0","output":"{\"ok\":true}"},
            {"type":"web_search_call","id":"ws","status":"completed"}
        ]}
        """;

    private const string Output = """[{"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"hi"}]},{"type":"custom_tool_call","call_id":"call-2","name":"exec","input":"1"}]""";

    [Fact]
    public void By_default_no_span_holds_content()
    {
        using var traced = new TracedRollout();

        Converse(traced, default);

        foreach (var span in traced.Spans)
        {
            span.TagObjects.ShouldNotContain(static tag => JsonSchema.OfAttribute(tag.Key) != null || tag.Key == RolloutAttributes.GenAI.ToolCallArguments || tag.Key == RolloutAttributes.GenAI.ToolCallResult || tag.Key == RolloutAttributes.Process.CommandArgs);
            span.TagObjects.ShouldNotContain(static tag => tag.Value is string && ((string)tag.Value).Contains("hello", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Requests_have_messages_of_roles_and_parts()
    {
        using var traced = new TracedRollout();

        Converse(traced, new() { CaptureMessageContent = true });

        var chat = traced.Span("chat gpt-5");
        chat.GetTagItem(RolloutAttributes.GenAI.SystemInstructions).ShouldBe("""[{"type":"text","content":"You are terse."}]""");
        chat.GetTagItem(RolloutAttributes.GenAI.ToolDefinitions).ShouldBe("""[{"type":"function","name":"f","description":"does f","parameters":{"type":"object"}},{"type":"web_search","name":"web_search"}]""");
        chat.GetTagItem(RolloutAttributes.GenAI.InputMessages).ShouldBe(
            """[{"role":"developer","parts":[{"type":"text","content":"be brief"}]},"""
            + """{"role":"user","parts":[{"type":"text","content":"hello"}]},"""
            + """{"role":"user","parts":[{"type":"text","content":"look"}],"name":"/root"},"""
            + """{"role":"assistant","parts":[{"type":"reasoning","content":"think"},{"type":"tool_call","id":"call-1","name":"f","arguments":{"a":1}}]},"""
            + """{"role":"tool","parts":[{"type":"tool_call_response","id":"call-1","response":"done"}]},"""
            + """{"role":"tool","parts":[{"type":"tool_call_response","id":"call-0","response":{"ok":true}}]},"""
            + """{"role":"assistant","parts":[{"type":"server_tool_call","id":"ws","name":"web_search","server_tool_call":{"type":"web_search_call","id":"ws","status":"completed"}}]}]""");
        chat.GetTagItem(RolloutAttributes.GenAI.OutputMessages).ShouldBe(
            """[{"role":"assistant","parts":[{"type":"reasoning","content":"hm"},{"type":"text","content":"hi"},{"type":"tool_call","id":"call-2","name":"exec","arguments":"1"}],"finish_reason":"tool_call"}]""");
        chat.GetTagItem(RolloutAttributes.Content.Cut).ShouldBeNull();
    }

    [Fact]
    public void Tools_commands_and_cells_have_what_they_were_given_and_gave()
    {
        using var traced = new TracedRollout();

        Converse(traced, new() { CaptureMessageContent = true });

        var tool = traced.Span("execute_tool f");
        tool.GetTagItem(RolloutAttributes.GenAI.ToolCallArguments).ShouldBe("""{"a":1}""");
        tool.GetTagItem(RolloutAttributes.GenAI.ToolCallResult).ShouldBe("""{"output":"done"}""");
        tool.GetTagItem(RolloutAttributes.Payload.Invocation).ShouldNotBeNull();
        tool.GetTagItem(RolloutAttributes.Payload.Result).ShouldNotBeNull();
        traced.Span("execute_tool g").GetTagItem(RolloutAttributes.GenAI.ToolCallArguments).ShouldBe("\"{not json\"");
        traced.Span("sh").GetTagItem(RolloutAttributes.Process.CommandArgs).ShouldBe(new[] { "/bin/sh", "-c", "make hello" });
        traced.Span("execute_tool exec").GetTagItem(RolloutAttributes.GenAI.ToolCallArguments).ShouldBe("\"return \\\"x\\\"\"");
    }

    [Theory]
    [InlineData("""{"type":"function_call_output","call_id":"c","output":"done"}""", "\"done\"")]
    [InlineData("""{"type":"function_call_output","call_id":"c","output":"{\"ok\":[1]}"}""", """{"ok":[1]}""")]
    [InlineData("""{"type":"custom_tool_call_output","call_id":"c","output":[{"type":"input_text","text":"done"}]}""", "\"done\"")]
    [InlineData("""{"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"a"},{"type":"input_image","image_url":"https://x.example/i.png"}]}""", """[{"type":"text","content":"a"},{"type":"uri","modality":"image","uri":"https://x.example/i.png"}]""")]
    [InlineData("""{"role":"tool","tool_call_id":"c","content":"done"}""", "\"done\"")]
    [InlineData("""{"type":"tool_result","tool_use_id":"c","content":[{"type":"text","text":"{\"ok\":true}"}]}""", """{"ok":true}""")]
    [InlineData("""{"role":"user","parts":[{"functionResponse":{"name":"f","response":{"ok":true}}}]}""", """{"ok":true}""")]
    [InlineData("""{"output":"done"}""", """{"output":"done"}""")]
    [InlineData("""{"content":[{"type":"text","text":"done"}]}""", """{"content":[{"type":"text","text":"done"}]}""")]
    [InlineData("\"{\\\"ok\\\":true}\"", """{"ok":true}""")]
    [InlineData("[1,2]", "[1,2]")]
    public void A_result_has_not_the_wrapper_that_it_travels_in(string result, string expected)
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn(new() { CaptureMessageContent = true });

        turn.StartToolCall(new() { Name = "f" }).Complete(JsonPayload.OfJson(result));

        traced.Span("execute_tool f").GetTagItem(RolloutAttributes.GenAI.ToolCallResult).ShouldBe(expected);
    }

    [Fact]
    public void A_request_of_one_text_is_one_message_of_the_user()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn(new() { CaptureMessageContent = true });

        var request = turn.StartModelRequest("gpt-5", JsonPayload.OfJson("""{"input":"hello"}"""));

        request.Activity!.GetTagItem(RolloutAttributes.GenAI.InputMessages).ShouldBe("""[{"role":"user","parts":[{"type":"text","content":"hello"}]}]""");
    }

    [Fact]
    public void A_turn_has_what_the_user_said_and_the_last_answer()
    {
        using var traced = new TracedRollout();
        var turn = traced.StartTurn(new() { CaptureMessageContent = true });

        turn.StartModelRequest("gpt-5", JsonPayload.OfJson("""{"input":[{"role":"user","content":"before"},{"role":"assistant","content":"yes"},{"role":"user","content":"now"}]}""")).Complete("r1", null, JsonPayload.OfJson(Output));
        turn.StartModelRequest("gpt-5", JsonPayload.OfJson("""{"input":[{"role":"user","content":"later"}]}""")).Complete("r2", null, JsonPayload.OfJson("""[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"the answer"}]}]"""));
        turn.StartModelRequest("gpt-5", JsonPayload.OfJson("""{"input":[]}""")).Complete("r3", null, JsonPayload.OfJson("""[{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}]"""));
        turn.StartModelRequest("gpt-5", JsonPayload.OfJson("""{"input":[]}""")).Cancel("enough", JsonPayload.OfJson("""[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"half an"}]}]"""));
        turn.Complete();

        var span = traced.Span("invoke_agent root");
        span.GetTagItem(RolloutAttributes.GenAI.InputMessages).ShouldBe("""[{"role":"user","parts":[{"type":"text","content":"now"}]}]""");
        span.GetTagItem(RolloutAttributes.GenAI.OutputMessages).ShouldBe("""[{"role":"assistant","parts":[{"type":"text","content":"the answer"}],"finish_reason":"stop"}]""");
        span.GetTagItem(RolloutAttributes.Payload.Request).ShouldNotBeNull();
        span.GetTagItem(RolloutAttributes.Payload.Response).ShouldNotBeNull();
    }

    [Fact]
    public void The_oldest_messages_go_first_but_for_the_systems()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn(new() { CaptureMessageContent = true, ContentLimit = 270 });
        var items = string.Join(',', Enumerable.Range(0, 50).Select(static i => $$"""{"type":"message","role":"user","content":"message {{i}}"}"""));

        var request = turn.StartModelRequest("gpt-5", JsonPayload.OfJson($$"""{"input":[{"role":"system","content":"the rules"},{{items}}]}"""));

        var kept = request.Activity!.GetTagItem(RolloutAttributes.GenAI.InputMessages).ShouldBeOfType<string>();
        Encoding.UTF8.GetByteCount(kept).ShouldBeLessThanOrEqualTo(270);
        kept.ShouldBe("""[{"role":"system","parts":[{"type":"text","content":"the rules"}]},{"role":"user","parts":[{"type":"text","content":"message 47"}]},{"role":"user","parts":[{"type":"text","content":"message 48"}]},{"role":"user","parts":[{"type":"text","content":"message 49"}]}]""");
        var cut = JsonElement.Parse(request.Activity.GetTagItem(RolloutAttributes.Content.Cut).ShouldBeOfType<string>()).GetProperty(RolloutAttributes.GenAI.InputMessages);
        cut.GetProperty("messages").GetInt32().ShouldBe(47);
        cut.GetProperty("bytes").GetInt32().ShouldBeGreaterThan(47 * "\"message 0\"".Length - 1);
        request.Activity.GetTagItem(RolloutAttributes.Payload.Request).ShouldNotBeNull();
    }

    [Fact]
    public void A_message_that_does_not_fit_alone_is_cut_and_stays_valid()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn(new() { CaptureMessageContent = true, ContentLimit = 200 });

        var request = turn.StartModelRequest("gpt-5", JsonPayload.OfJson($$"""{"input":"{{new string('ü', 1000)}}"}"""));

        var kept = request.Activity!.GetTagItem(RolloutAttributes.GenAI.InputMessages).ShouldBeOfType<string>();
        Encoding.UTF8.GetByteCount(kept).ShouldBeInRange(130, 200);
        JsonSchema.InputMessages.ShouldAllow(kept);
        JsonElement.Parse(kept)[0].GetProperty("parts")[0].GetProperty("content").GetString().ShouldEndWith("ü...");
        JsonElement.Parse((string)request.Activity.GetTagItem(RolloutAttributes.Content.Cut)!).GetProperty(RolloutAttributes.GenAI.InputMessages).GetProperty("messages").GetInt32().ShouldBe(0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData(333)]
    [InlineData(1000)]
    [InlineData(5000)]
    public void Whatever_the_limit_every_value_is_within_it_and_valid(int limit)
    {
        foreach (var (name, request, response) in DialectSamples.All)
        {
            using var traced = new TracedRollout();
            using var turn = traced.StartTurn(new() { CaptureMessageContent = true, ContentLimit = limit });
            turn.StartModelRequest("m", JsonPayload.OfJson(request)).Complete(null, null, JsonPayload.OfJson(response));
            turn.StartToolCall(new() { Name = "f", Arguments = JsonPayload.OfJson(request) }).Complete(JsonPayload.OfJson(response));
            turn.Complete();

            var missing = 0;
            foreach (var (attribute, value) in traced.Spans.SelectMany(static span => span.TagObjects))
            {
                if (JsonSchema.OfAttribute(attribute) is { } schema)
                {
                    schema.ShouldAllow((string)value!);
                }

                if (JsonSchema.OfAttribute(attribute) is not null || attribute is RolloutAttributes.GenAI.ToolCallArguments or RolloutAttributes.GenAI.ToolCallResult)
                {
                    Encoding.UTF8.GetByteCount((string)value!).ShouldBeLessThanOrEqualTo(limit == 0 ? 32 << 10 : limit, name);
                    JsonElement.Parse((string)value!).ValueKind.ShouldNotBe(JsonValueKind.Undefined);
                }

                missing += attribute == RolloutAttributes.Content.Cut ? 1 : 0;
            }

            if (limit != 1000)
            {
                (missing > 0).ShouldBe(limit is > 0 and < 1000, name);
            }
        }
    }

    [Fact]
    public void Every_api_has_its_instructions_tools_input_and_output()
    {
        foreach (var (name, request, response) in DialectSamples.All)
        {
            using var traced = new TracedRollout();
            using var turn = traced.StartTurn(new() { CaptureMessageContent = true });

            turn.StartModelRequest("m", JsonPayload.OfJson(request)).Complete(null, null, JsonPayload.OfJson(response));

            var span = traced.Span("chat m");
            JsonElement.Parse((string)span.GetTagItem(RolloutAttributes.GenAI.OutputMessages)!).GetArrayLength().ShouldBe(1, name);
            var tools = JsonElement.Parse((string)span.GetTagItem(RolloutAttributes.GenAI.ToolDefinitions)!);
            tools[0].GetProperty("name").GetString().ShouldBe("get_weather", name);
            tools[0].GetProperty("parameters").ValueKind.ShouldBe(JsonValueKind.Object, name);
            var input = (string)span.GetTagItem(RolloutAttributes.GenAI.InputMessages)!;
            ((string?)span.GetTagItem(RolloutAttributes.GenAI.SystemInstructions) ?? input).ShouldContain("You are a weather bot.", Case.Sensitive, name);
            input.ShouldContain("\"arguments\":{", Case.Sensitive, name);
            input.ShouldContain("\"response\":{", Case.Sensitive, name);
            input.ShouldContain("\"modality\":\"image\"", Case.Sensitive, name);
        }
    }

    [Fact]
    public void Content_that_cannot_be_read_is_left_out()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn(new() { CaptureMessageContent = true });

        using var request = turn.StartModelRequest("gpt-5", JsonPayload.OfJson("{not json"));
        request.Complete("response", null, JsonPayload.OfJson("[1"));

        request.Activity!.GetTagItem(RolloutAttributes.GenAI.InputMessages).ShouldBeNull();
        request.Activity.GetTagItem(RolloutAttributes.GenAI.OutputMessages).ShouldBeNull();
    }

    [Fact]
    public void Requests_lead_to_their_payloads_below_a_base_that_is_given()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn(new() { ContentBaseUri = new Uri("https://traces.example/bundles/") });

        turn.StartModelRequest("whole", JsonPayload.OfJson(Request)).Complete("r", null, JsonPayload.OfJson(Output));
        turn.StartModelRequest("bare", JsonPayload.OfJson("""{"input":[]}""")).Cancel("enough");

        var whole = traced.Span("chat whole");
        var request = $"https://traces.example/bundles/{traced.Recording.BundleName}/{whole.GetTagItem(RolloutAttributes.Payload.Request)}";
        whole.GetTagItem(RolloutAttributes.GenAI.InputMessagesRef).ShouldBe(request);
        whole.GetTagItem(RolloutAttributes.GenAI.SystemInstructionsRef).ShouldBe(request);
        whole.GetTagItem(RolloutAttributes.GenAI.ToolDefinitionsRef).ShouldBe(request);
        whole.GetTagItem(RolloutAttributes.GenAI.OutputMessagesRef).ShouldBe($"https://traces.example/bundles/{traced.Recording.BundleName}/{whole.GetTagItem(RolloutAttributes.Payload.Response)}");
        whole.GetTagItem(RolloutAttributes.GenAI.InputMessages).ShouldBeNull();
        var bare = traced.Span("chat bare");
        bare.GetTagItem(RolloutAttributes.GenAI.InputMessagesRef).ShouldNotBeNull();
        bare.GetTagItem(RolloutAttributes.GenAI.SystemInstructionsRef).ShouldBeNull();
        bare.GetTagItem(RolloutAttributes.GenAI.OutputMessagesRef).ShouldBeNull();
    }

    private static void Converse(TracedRollout traced, AgentSessionOptions options)
    {
        using var turn = traced.StartTurn(options);
        turn.StartModelRequest("gpt-5", JsonPayload.OfJson(Request)).Complete("response", null, JsonPayload.OfJson(Output));
        turn.StartToolCall(new() { Name = "f", Arguments = JsonPayload.OfJson("""{"a":1}""") }).Complete(JsonPayload.OfJson("""{"output":"done"}"""));
        using (var tool = turn.StartToolCall(new() { Name = "g", Arguments = JsonPayload.OfJson("{not json") }))
        {
            tool.StartCommand(["/bin/sh", "-c", "make hello"], "/w").Exit(0);
            tool.Complete();
        }

        turn.StartCodeCell(new() { CallId = "call-2", Source = "return \"x\"" }).Complete(JsonPayload.OfJson("1"));
    }
}

using System.Text;
using System.Text.Json;
using RolloutTrace.Content;

namespace RolloutTrace.Tests;

public sealed class ContentTests
{
    private const string Request = """
        {"model":"gpt-5","input":[
            {"type":"message","role":"developer","content":[{"type":"input_text","text":"be brief"}]},
            {"type":"message","role":"user","content":"hello"},
            {"type":"agent_message","author":"/root","recipient":"/root/worker","content":[{"type":"input_text","text":"look"}]},
            {"type":"reasoning","content":null,"summary":[{"type":"summary_text","text":"think"}]},
            {"type":"function_call","call_id":"call-1","name":"f","arguments":"{\"a\":1}"},
            {"type":"function_call_output","call_id":"call-1","output":"done"},
            {"type":"web_search_call","id":"ws"}
        ]}
        """;

    private const string Output = """[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"hi"}]},{"type":"custom_tool_call","call_id":"call-2","name":"exec","input":"1"}]""";

    [Fact]
    public void By_default_no_span_holds_content()
    {
        using var traced = new TracedRollout();

        Converse(traced, default);

        foreach (var span in traced.Spans)
        {
            span.GetTagItem(RolloutAttributes.GenAI.InputMessages).ShouldBeNull();
            span.GetTagItem(RolloutAttributes.GenAI.OutputMessages).ShouldBeNull();
            span.GetTagItem(RolloutAttributes.GenAI.ToolCallArguments).ShouldBeNull();
            span.GetTagItem(RolloutAttributes.GenAI.ToolCallResult).ShouldBeNull();
            span.TagObjects.ShouldNotContain(t => t.Value is string && ((string)t.Value).Contains("hello", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData(null, "", false)]
    [InlineData(null, "false", false)]
    [InlineData(null, "1", false)]
    [InlineData(null, "true", true)]
    [InlineData(null, "True", true)]
    [InlineData(false, "true", false)]
    [InlineData(true, null, true)]
    public void The_option_counts_for_more_than_the_environment(bool? option, string? variable, bool isOn)
    {
        var capture = ContentCapture.Create(
            new() { CaptureMessageContent = option },
            name => name == "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT" ? variable : null);

        (capture is not null).ShouldBe(isOn);
    }

    [Fact]
    public void Switched_on_spans_hold_messages_of_roles_and_parts()
    {
        using var traced = new TracedRollout();

        Converse(traced, new() { CaptureMessageContent = true });

        var chat = traced.Span("chat gpt-5");
        chat.GetTagItem(RolloutAttributes.GenAI.InputMessages).ShouldBe(
            """[{"role":"developer","parts":[{"type":"text","content":"be brief"}]},"""
            + """{"role":"user","parts":[{"type":"text","content":"hello"}]},"""
            + """{"role":"user","parts":[{"type":"text","content":"look"}]},"""
            + """{"role":"assistant","parts":[{"type":"reasoning","content":"think"}]},"""
            + """{"role":"assistant","parts":[{"type":"tool_call","id":"call-1","name":"f","arguments":"{\"a\":1}"}]},"""
            + """{"role":"tool","parts":[{"type":"tool_call_response","id":"call-1","response":"done"}]},"""
            + """{"role":"assistant","parts":[{"type":"web_search_call","id":"ws"}]}]""");
        chat.GetTagItem(RolloutAttributes.GenAI.OutputMessages).ShouldBe(
            """[{"role":"assistant","parts":[{"type":"text","content":"hi"}],"finish_reason":"stop"},"""
            + """{"role":"assistant","parts":[{"type":"tool_call","id":"call-2","name":"exec","arguments":"1"}],"finish_reason":"tool_call"}]""");
        var tool = traced.Span("execute_tool f");
        tool.GetTagItem(RolloutAttributes.GenAI.ToolCallArguments).ShouldBe("""{"a":1}""");
        tool.GetTagItem(RolloutAttributes.GenAI.ToolCallResult).ShouldBe("""{"output":"done"}""");
        traced.Span("execute_tool g").GetTagItem(RolloutAttributes.GenAI.ToolCallArguments).ShouldBe("\"{not json\"");
        traced.Span("execute_tool exec").GetTagItem(RolloutAttributes.GenAI.ToolCallArguments).ShouldBe("\"return \\\"x\\\"\"");
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
    public void The_newest_messages_are_kept_when_not_all_fit()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn(new() { CaptureMessageContent = true, MessageContentLimit = 200 });
        var items = string.Join(',', Enumerable.Range(0, 50).Select(i => $$"""{"type":"message","role":"user","content":"message {{i}}"}"""));

        var request = turn.StartModelRequest("gpt-5", JsonPayload.OfJson($$"""{"input":[{{items}}]}"""));

        var kept = request.Activity!.GetTagItem(RolloutAttributes.GenAI.InputMessages).ShouldBeOfType<string>();
        Encoding.UTF8.GetByteCount(kept).ShouldBeLessThanOrEqualTo(200);
        kept.ShouldBe("""[{"role":"user","parts":[{"type":"text","content":"message 47"}]},{"role":"user","parts":[{"type":"text","content":"message 48"}]},{"role":"user","parts":[{"type":"text","content":"message 49"}]}]""");
    }

    [Fact]
    public void A_message_that_does_not_fit_alone_is_cut_and_stays_valid()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn(new() { CaptureMessageContent = true, MessageContentLimit = 100 });

        var request = turn.StartModelRequest("gpt-5", JsonPayload.OfJson($$"""{"input":"{{new string('ü', 1000)}}"}"""));

        var kept = request.Activity!.GetTagItem(RolloutAttributes.GenAI.InputMessages).ShouldBeOfType<string>();
        Encoding.UTF8.GetByteCount(kept).ShouldBeInRange(85, 100);
        JsonElement.Parse(kept)[0].GetProperty("parts")[0].GetProperty("content").GetString().ShouldEndWith("ü...");
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

    private static void Converse(TracedRollout traced, AgentSessionOptions options)
    {
        using var turn = traced.StartTurn(options);
        turn.StartModelRequest("gpt-5", JsonPayload.OfJson(Request)).Complete("response", null, JsonPayload.OfJson(Output));
        turn.StartToolCall(new() { Name = "f", Arguments = JsonPayload.OfJson("""{"a":1}""") }).Complete(JsonPayload.OfJson("""{"output":"done"}"""));
        turn.StartToolCall(new() { Name = "g", Arguments = JsonPayload.OfJson("{not json") }).Complete();
        turn.StartCodeCell(new() { CallId = "call-2", Source = "return \"x\"" }).Complete(JsonPayload.OfJson("1"));
    }
}

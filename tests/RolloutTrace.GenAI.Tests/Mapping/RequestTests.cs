using System.Diagnostics;
using RolloutTrace.GenAI.Tests.Support;
using static RolloutTrace.GenAI.Tests.Support.Run;
using static RolloutTrace.GenAI.Tests.Support.SpanText;

namespace RolloutTrace.GenAI.Tests.Mapping;

/// <summary>Requests: attempts, ends, and spans that tell one request twice.</summary>
public sealed class RequestTests
{
    [Fact]
    public void Each_HTTP_request_that_failed_before_the_last_is_an_attempt_of_its_own() => Story(
        Span("chat", null, 0, 100, ChatTags(["user: hi"], ["assistant: hello"], "resp-1")),
        Http("http1", "chat", 1, 10, 500),
        Http("http2", "chat", 20, 30, 429),
        Http("http3", "chat", 40, 90, 200)).ShouldBe(
        """
        /root  Completed
          turn Completed
            request gpt-5@openai Failed 
              given:  |  | model="gpt-5"
              < User Message  hi
            request gpt-5@openai Failed 
              given:  |  | model="gpt-5"
              < User Message  hi
            request gpt-5@openai Completed resp-1
              given:  |  | model="gpt-5"
              < User Message  hi
              > Assistant Message  hello

        """);

    [Fact]
    public void Answers_with_calls_that_the_program_carries_out_inside_one_span_are_requests_each()
    {
        string[] came = ["call c1 find {\"n\":1}", "call c2 find {\"n\":2}", "gave c1 one", "gave c2 two", "call c3 find {\"n\":3}", "gave c3 three", "assistant: done"];
        var story = Story(
            Span("chat", null, 0, 100, ChatTags(["user: hi"], came, "resp-3", ("gen_ai.usage.input_tokens", 30), ("gen_ai.usage.output_tokens", 3))),
            Span("more", null, 200, 300, ChatTags(["user: hi", .. came, "user: more"], ["assistant: yes"], "resp-4")).InTrace("second"));

        story.Split("    request gpt-5@openai Completed").Length.ShouldBe(5);
        story.ShouldContain("tool find Completed c1 asked by a request, call items 1, outputs 1");
        story.ShouldContain("tool find Completed c2 asked by a request, call items 1, outputs 1");
        story.ShouldContain("tool find Completed c3 asked by a request, call items 1, outputs 1");
        story.ShouldNotContain("ANOMALY");
        story.ShouldNotContain("DIAGNOSTIC");
    }

    [Fact]
    public void What_a_provider_carries_out_itself_is_part_of_one_answer() => Story(
        Span("chat", null, 0, 100, ChatTags(["user: hi"], null, "resp-1", ("gen_ai.output.messages",
            """[{"role":"assistant","parts":[{"type":"tool_call","id":"c1","name":"search","arguments":{}},{"type":"tool_call_response","id":"c1","response":"found"},{"type":"text","content":"done"}],"finish_reason":"stop"}]"""))))
        .Split("    request gpt-5@openai Completed").Length.ShouldBe(2);

    [Fact]
    public void A_request_that_fails_has_no_attempt_more_than_its_HTTP_requests() => Story(
        Span("chat", null, 0, 100, ChatTags(["user: hi"], null, null, ("error.type", "HttpRequestException"))) with { Status = ActivityStatusCode.Error, StatusDescription = "too long" },
        Http("http1", "chat", 1, 10, 400)).ShouldBe(
        """
        /root  Completed
          turn Failed
            request gpt-5@openai Failed 
              given:  |  | model="gpt-5"
              < User Message  hi

        """);

    [Theory]
    [InlineData("System.Threading.Tasks.TaskCanceledException")]
    [InlineData("asyncio.CancelledError")]
    [InlineData("AbortError")]
    public void A_cancellation_is_no_failure(string errorType) => Story(
        Span("chat", null, 0, 100, ChatTags(["user: hi"], null, null, ("error.type", errorType))) with { Status = ActivityStatusCode.Error }).ShouldContain("request gpt-5@openai Cancelled");

    [Fact]
    public void A_stream_that_was_left_is_cancelled_with_what_arrived() => Story(
        Span("chat", null, 0, 100,
            ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-5"), ("gen_ai.request.stream", true), ("gen_ai.input.messages", Messages("user: hi")),
            ("gen_ai.output.messages", Messages("assistant: hel")))).ShouldBe(
        """
        /root  Completed
          turn Cancelled
            request gpt-5@unknown Cancelled 
              given:  |  | model="gpt-5",stream=true
              < User Message  hi
              > Assistant Message  hel

        """);

    [Fact]
    public void A_request_inside_a_request_without_messages_is_the_same_one() => Story(
        Span("outer", null, 0, 100, ChatTags(["user: hi"], ["assistant: hello"], "resp-1")),
        Span("inner", "outer", 1, 99, ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-5"), ("gen_ai.response.id", "resp-1")),
        Http("http1", "inner", 2, 9, 500),
        Http("http2", "inner", 10, 98, 200)).ShouldBe(
        """
        /root  Completed
          turn Completed
            request gpt-5@openai Failed 
              given:  |  | model="gpt-5"
              < User Message  hi
            request gpt-5@openai Completed resp-1
              given:  |  | model="gpt-5"
              < User Message  hi
              > Assistant Message  hello

        """);

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(true, true, false)]
    [InlineData(true, true, true)]
    public void Of_two_spans_for_one_request_each_tells_what_the_other_does_not(bool hasInput, bool hasOutput, bool hasCall)
    {
        string[] said = hasCall ? ["assistant: Let me look.", "call c1 look"] : ["assistant: hello"];
        string[] shown = ["user: hi", "call c0 look", "gave c0 rain"];
        (string, object?)[] inner =
        [
            ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-5"), ("gen_ai.provider.name", "openai"), ("gen_ai.response.id", "r-1"),
            ("gen_ai.usage.input_tokens", 7L), ("gen_ai.usage.output_tokens", 3L), ("gen_ai.response.finish_reasons", new[] { hasCall ? "tool_calls" : "stop" }),
            .. hasInput ? (ReadOnlySpan<(string, object?)>)[("gen_ai.input.messages", Messages("user: hi", "call c0 look", "gave c0 "))] : [],
            .. hasOutput ? (ReadOnlySpan<(string, object?)>)[("gen_ai.output.messages", Messages(said[..1]))] : [],
        ];
        using var bundles = new MappedBundles(
        [
            Span("outer", null, 0, 100, [.. ChatTags(shown, said), ("gen_ai.tool.definitions", """[{"type":"function","name":"look"}]""")]),
            Span("inner", "outer", 1, 99, inner),
        ]);

        var story = bundles.Story;
        story.Split('\n').Count(static line => line.StartsWith("    request", StringComparison.Ordinal)).ShouldBe(1);
        story.ShouldContain("request gpt-5@openai Completed r-1 7/0/3/0");
        story.ShouldContain("given:  | look |");
        story.ShouldContain("< User Message  hi");
        story.ShouldContain("< Tool FunctionCallOutput c0 rain");
        story.ShouldContain(hasCall ? "> Assistant FunctionCall c1 {}" : "> Assistant Message  hello");
    }

    [Fact]
    public void A_stream_whose_end_only_the_inner_of_two_spans_tells_was_not_left()
    {
        (string, object?)[] stream = [("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-5"), ("gen_ai.request.stream", true)];
        Story(
            Span("outer", null, 0, 100, [.. stream, ("gen_ai.input.messages", Messages("user: hi")), ("gen_ai.output.messages", Messages("assistant: hello"))]),
            Span("inner", "outer", 1, 99, [.. stream, ("gen_ai.response.finish_reasons", new[] { "stop" })])).ShouldContain("request gpt-5@unknown Completed");
    }

    [Fact]
    public void Of_two_requests_with_messages_the_inner_one_went_to_the_model() => Story(
        Span("outer", null, 0, 100, ChatTags(["user: hi"], ["assistant: hello"], "resp-1")),
        Span("inner", "outer", 1, 99, ChatTags(["system: be brief", "user: hi"], ["assistant: hello"], "resp-1"))).ShouldBe(
        """
        /root  Completed
          turn Completed
            request gpt-5@openai Completed resp-1
              given:  |  | model="gpt-5"
              < System Message  be brief
              < User Message  hi
              > Assistant Message  hello

        """);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_request_that_a_call_sends_inside_is_a_thread_of_its_own_and_costs_the_one_around_nothing(bool hasInner)
    {
        // Without a span for the call itself: by what it shows, and by a call that waits.
        var round = new[] { "user: hi", "call c1 look {\"bed\":\"north\"}" };
        List<ForeignSpan> spans =
        [
            Span("outer", null, 0, 100, ChatTags(["user: hi"], hasInner ? ["assistant: dry"] : ["call c1 look {\"bed\":\"north\"}", "gave c1 none", "assistant: dry"])),
            Span("tools", "outer", 20, 40, ChatTags(["user: is the north bed dry?"], ["assistant: none"])),
        ];
        if (hasInner)
        {
            spans.Add(Span("inner1", "outer", 1, 10, ChatTags(["user: hi"], ["call c1 look {\"bed\":\"north\"}"])));
            spans.Add(Span("inner2", "outer", 50, 90, ChatTags([.. round, "gave c1 none"], ["assistant: dry"])));
        }

        var story = Story([.. spans]);
        story.Split("    request ").Length.ShouldBe(4);
        story.ShouldContain("< Tool FunctionCallOutput c1 none\n      > Assistant Message  dry");
        story.ShouldContain("/root/agent ");
        story.ShouldNotContain("ANOMALY");
    }

    [Theory]
    [InlineData("user: Context: beds. Question: hi", "assistant: hello")]
    [InlineData("user: hi", "assistant: something else")]
    public void One_that_a_client_in_between_has_changed_is_the_same_one(string shown, string answered) => Story(
        Span("outer", null, 0, 100, ChatTags(["user: hi"], ["assistant: hello"])),
        Span("inner", "outer", 1, 99, ChatTags([shown], [answered]))).Split("    request ").Length.ShouldBe(2);

    [Fact]
    public void What_a_client_in_between_changes_stays_the_same_conversation_while_calls_wait() => Story(
        Span("outer", null, 0, 100, ChatTags(["user: hi"], ["assistant: dry"])),
        Span("inner1", "outer", 1, 10, ChatTags(["user: Context: beds. Question: hi"], ["call c1 look"])),
        Span("inner2", "outer", 50, 90, ChatTags(["user: Context: beds. Question: hi", "call c1 look", "gave c1 none"], ["assistant: dry"]))).ShouldNotContain("/root/");

    [Fact]
    public void A_request_whose_client_has_a_span_without_messages_has_been_answered_when_its_calls_are_carried_out()
    {
        var story = Story(
            Span("outer", null, 0, 100, ChatTags(["user: hi"], ["call c1 look"])),
            Span("client", "outer", 1, 10, ("gen_ai.operation.name", "generate_content"), ("gen_ai.request.model", "gpt-5")),
            Span("tool", "outer", 20, 30, ToolTags("look", "c1")));
        story.IndexOf("request ", StringComparison.Ordinal).ShouldBeLessThan(story.IndexOf("tool look", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_several_answers_the_conversation_goes_on_with_the_first() => Story(
        Span("one", null, 0, 10, ChatTags(["user: hi"], ["assistant: a", "assistant: b"], null, ("gen_ai.request.choice.count", 2)))).ShouldNotContain("Message  b");

    [Fact]
    public void An_incremental_request_goes_on_from_the_response_that_it_names() => Story(
        Span("one", null, 0, 10, ChatTags(["user: hi"], ["assistant: hello"], "resp_1")),
        Span("two", null, 20, 30, ChatTags(["user: more"], ["assistant: here"], "resp_2", ("gen_ai.conversation.id", "resp_1"))).InTrace("other")).ShouldBe(
        """
        /root  Completed
          turn Completed
            request gpt-5@openai Completed resp_1
              given:  |  | model="gpt-5"
              < User Message  hi
              > Assistant Message  hello
          turn Completed
            request gpt-5@openai Completed resp_2
              given:  |  | model="gpt-5"
              < User Message  hi
              < Assistant Message  hello
              < User Message  more
              > Assistant Message  here

        """);

    private static ForeignSpan Http(string name, string parent, int start, int end, int status) =>
        Span(name, parent, start, end, ("http.request.method", "POST"), ("http.response.status_code", status)) with { Kind = ActivityKind.Client };

    private static string Story(params ForeignSpan[] spans)
    {
        using var bundles = new MappedBundles(spans);
        return string.Concat(bundles.Story.Split('\n').Where(line => !line.StartsWith("ANOMALY request_failed", StringComparison.Ordinal)).Select((line, i) => i == 0 ? line : "\n" + line));
    }
}

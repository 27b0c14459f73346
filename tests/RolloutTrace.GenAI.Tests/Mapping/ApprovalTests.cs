using RolloutTrace.GenAI.Tests.Support;
using RolloutTrace.TestSupport;
using static RolloutTrace.GenAI.Tests.Support.Run;
using static RolloutTrace.GenAI.Tests.Support.SpanText;

namespace RolloutTrace.GenAI.Tests.Mapping;

/// <summary>Contents that only a program knows of, as Microsoft.Extensions.AI leaves them in its messages.</summary>
public sealed class ApprovalTests
{
    private const string User = """{"role":"user","parts":[{"type":"text","content":"pay 5"}]}""";
    private const string Asked = """{"role":"assistant","parts":[{"type":"Microsoft.Extensions.AI.ToolApprovalRequestContent","content":{"toolCall":{"$type":"functionCall","name":"pay","arguments":{"x":"5"},"callId":"call-1"},"requestId":"ficc_call-1"}}]}""";
    private const string Agreed = """{"role":"user","parts":[{"type":"Microsoft.Extensions.AI.ToolApprovalResponseContent","content":{"approved":true,"toolCall":{"$type":"functionCall","name":"pay","arguments":{"x":"5"},"callId":"call-1"},"requestId":"ficc_call-1"}}]}""";
    private const string Call = """{"role":"assistant","parts":[{"type":"tool_call","id":"call-1","name":"pay","arguments":{"x":"5"}}]}""";
    private const string Paid = """{"role":"tool","parts":[{"type":"tool_call_response","id":"call-1","response":"paid"}]}""";
    private const string Done = """{"role":"assistant","parts":[{"type":"text","content":"It is paid."}]}""";

    private const string Expected = """
        /root  Completed
          turn Completed
            request gpt-5@openai Completed r-1
              given:  |  | model="gpt-5"
              < User Message  pay 5
              > Assistant FunctionCall call-1 {"x":"5"}
            tool pay Completed call-1 asked by r-1, call items 1, outputs 1
          turn Completed
            request gpt-5@openai Completed r-2
              given:  |  | model="gpt-5"
              < User Message  pay 5
              < Assistant FunctionCall call-1 {"x":"5"}
              < Tool FunctionCallOutput call-1 paid
              > Assistant Message  It is paid.

        """;

    [Fact]
    public void A_call_that_somebody_has_agreed_to_stands_once_in_the_conversation_where_the_model_is_shown_it() => Story(
        Chat("one", 0, [User], [Call], "r-1"),
        Tool(),
        Chat("two", 40, [User, Asked, Agreed, Call, Paid], [Done], "r-2")).ShouldBe(Expected);

    [Fact]
    public void Told_around_function_invocation_what_somebody_is_asked_is_what_the_model_has_asked_for() => Story(
        Chat("one", 0, [User], [Asked], "r-1"),
        Chat("two", 40, [User, Asked, Agreed], [Call, Paid, Done], "r-2")).ShouldContain("""
              < User Message  pay 5
              < Assistant FunctionCall call-1 {"x":"5"}
              < Tool FunctionCallOutput call-1 paid
              > Assistant Message  It is paid.
        """);

    [Fact]
    public void The_same_id_in_a_later_answer_is_another_call()
    {
        const string Again = """{"role":"user","parts":[{"type":"text","content":"again"}]}""";
        Story(
            Chat("one", 0, [User], [Call], "r-1"),
            Chat("two", 40, [User, Asked, Agreed, Call, Paid], [Done], "r-2"),
            Chat("three", 60, [User, Asked, Agreed, Call, Paid, Done, Again], [Call], "r-3"),
            Chat("four", 80, [User, Asked, Agreed, Call, Paid, Done, Again, Call, Paid], [Done], "r-4")).ShouldContain("""
              < User Message  pay 5
              < Assistant FunctionCall call-1 {"x":"5"}
              < Tool FunctionCallOutput call-1 paid
              < Assistant Message  It is paid.
              < User Message  again
              < Assistant FunctionCall call-1 {"x":"5"}
              < Tool FunctionCallOutput call-1 paid
              > Assistant Message  It is paid.
        """);
    }

    [Fact]
    public void Sealed_thoughts_are_reasoning_whoever_has_the_message_and_what_is_null_is_told()
    {
        const string Both = """{"role":"assistant","parts":[{"type":"Microsoft.Extensions.AI.TextReasoningContent","content":{"text":"","protectedData":"sealed"}},{"type":"tool_call","id":"call-1","name":"pay","arguments":{"x":"5"}}]}""";
        const string Nothing = """{"role":"tool","parts":[{"type":"tool_call_response","id":"call-1","response":null},{"type":"Microsoft.Extensions.AI.TextReasoningContent","content":{"text":"","protectedData":"sealed"}}]}""";
        using var bundles = new MappedBundles(
        [
            Chat("one", 0, [User], [Both], "r-1"),
            Chat("two", 40, [User, Both, Nothing], [Done], "r-2"),
        ]);

        var story = bundles.Story;
        bundles.Directories.ShouldHaveSingleItem();
        story.ShouldContain("FunctionCallOutput call-1 null");
        bundles.Files.Values.ShouldContain(text => text.Contains("""{"type":"reasoning","summary":[],"encrypted_content":"sealed"}""", StringComparison.Ordinal));
        story.ShouldNotContain("TextReasoningContent");
    }

    [Fact]
    public void Of_conversations_whose_calls_have_the_same_id_each_has_the_call_that_its_user_has_agreed_to()
    {
        static string[] Of(string user, params string[] more) => [$$"""{"role":"user","parts":[{"type":"text","content":"I am {{user}}"}]}""", .. more];
        using var bundles = new MappedBundles(
        [
            Chat("one", 0, Of("Ann"), [Call], "r-1"),
            Chat("two", 5, Of("Ben"), [Call], "r-2"),
            .. CarriedOut("three", 20, Of("Ann", Asked, Agreed, Call, Paid), "r-3"),
            .. CarriedOut("four", 25, Of("Ben", Asked, Agreed, Call, Paid), "r-4"),
        ]);

        bundles.Directories.Count.ShouldBe(2);
        var (ann, ben) = (RolloutStory.Of(bundles.Directories[0]), RolloutStory.Of(bundles.Directories[1]));
        ann.ShouldNotContain("Ben");
        ben.ShouldNotContain("Ann");
        ann.ShouldContain("tool pay Completed call-1 asked by r-1, call items 1, outputs 1");
        ben.ShouldContain("tool pay Completed call-1 asked by r-2, call items 1, outputs 1");
    }

    [Fact]
    public void A_call_that_another_process_was_asked_for_is_in_the_conversation_of_the_request_after_it()
    {
        using var bundles = new MappedBundles(
        [
            .. CarriedOut("one", 0, [User, Asked, Agreed, Call, Paid], "r-1"),
            Chat("two", 40, [User, Asked, Agreed, Call, Paid, Done, User], [Done], "r-2"),
        ]);

        bundles.Directories.ShouldHaveSingleItem();
        bundles.Story.ShouldContain("tool pay Completed call-1");
    }

    [Fact]
    public void A_call_after_which_nothing_is_asked_is_recorded_all_the_same()
    {
        using var bundles = new MappedBundles(CarriedOut("one", 0, [User], "r-1").Take(2));

        bundles.Story.ShouldContain("tool pay Completed call-1");
    }

    // A loop that carries out what somebody has agreed to, and asks then.
    private static ForeignSpan[] CarriedOut(string trace, int start, string[] input, string id)
    {
        var loop = Span("loop", null, start, start + 19, ("gen_ai.operation.name", "orchestrate_tools")).InTrace(trace);
        return
        [
            loop,
            Span("tool", null, start + 1, start + 2, ToolTags("pay", "call-1", """{"x":"5"}""", "paid")).InTrace(trace) with { ParentSpanId = loop.SpanId },
            Chat("chat", start + 3, input, [Done], id).InTrace(trace) with { ParentSpanId = loop.SpanId },
        ];
    }

    private static string Story(params ForeignSpan[] spans)
    {
        using var bundles = new MappedBundles(spans);
        return bundles.Story;
    }

    private static ForeignSpan Tool() => Span("tool", null, 20, 30, ToolTags("pay", "call-1", """{"x":"5"}""", "paid"));

    private static ForeignSpan Chat(string name, int start, string[] input, string[] output, string id) => Span(
        name,
        null,
        start,
        start + 10,
        ("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-5"), ("gen_ai.provider.name", "openai"), ("gen_ai.response.id", id),
        ("gen_ai.input.messages", $"[{string.Join(',', input)}]"), ("gen_ai.output.messages", $"[{string.Join(',', output)}]"), ("gen_ai.response.finish_reasons", new[] { "stop" })).InTrace(name);
}

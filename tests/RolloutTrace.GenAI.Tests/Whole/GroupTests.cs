using RolloutTrace.GenAI.Tests.Support;
using static RolloutTrace.GenAI.Tests.Support.Run;
using static RolloutTrace.GenAI.Tests.Support.SpanText;

namespace RolloutTrace.GenAI.Tests.Whole;

/// <summary>Agents below a span that is only around them, and what they do beside each other there.</summary>
public sealed class GroupTests
{
    private static readonly (string, object?) Chain = ("openinference.span.kind", "CHAIN");

    [Fact]
    public void Different_agents_below_a_span_around_them_are_threads_of_one_rollout()
    {
        Stories(
        [
            Span("kickoff", null, 0, 100, Chain),
            .. Agent("one", "kickoff", 1, "researcher", ["user: find"], "leaks"),
            Span("task", "kickoff", 29, 50, Chain),
            .. Agent("two", "task", 30, "writer", ["user: write: leaks"], "report"),
            .. Agent("three", "kickoff", 60, "researcher", ["user: find", "assistant: leaks", "user: more"], "none")
        ]).ShouldBe(
            """
            /root  Completed
              turn Completed
            /root/researcher researcher Completed
              turn Completed
                request gpt-5@openai Completed 
                  given:  |  | model="gpt-5"
                  < User Message  find
                  > Assistant Message  leaks
              turn Completed
                request gpt-5@openai Completed 
                  given:  |  | model="gpt-5"
                  < User Message  find
                  < Assistant Message  leaks
                  < User Message  more
                  > Assistant Message  none
            /root/writer writer Completed
              turn Completed
                request gpt-5@openai Completed 
                  given:  |  | model="gpt-5"
                  < User Message  write: leaks
                  > Assistant Message  report

            """);
    }

    [Fact]
    public void Each_run_of_such_a_group_is_a_rollout()
    {
        Threads(
        [
            Span("batch", null, 0, 300, Chain),
            Span("run1", "batch", 1, 100, Chain), .. Agent("a1", "run1", 2, "a", ["user: x"], "y"), .. Agent("b1", "run1", 40, "b", ["user: y"], "z"),
            Span("run2", "batch", 101, 200, Chain), .. Agent("a2", "run2", 102, "a", ["user: x"], "y"), .. Agent("b2", "run2", 140, "b", ["user: y"], "z")
        ])
            .ShouldBe(["/root /root/a /root/b", "/root /root/a /root/b"]);
    }

    [Fact]
    public void What_is_around_one_agent_alone_is_no_group() =>
        Threads([Span("handle", null, 0, 100, Chain), .. Agent("one", "handle", 1, "helper", ["user: hi"], "hello")]).ShouldBe(["/root"]);

    [Fact]
    public void Where_conversations_are_named_they_say_what_belongs_together()
    {
        Threads(
        [
            Span("load", null, 0, 100, Chain),
            .. Agent("one", "load", 1, "a", ["user: x"], "y", ("session.id", "s-1")),
            .. Agent("two", "load", 30, "b", ["user: x"], "y", ("session.id", "s-2"))
        ]).ShouldBe(["/root", "/root"]);

        // And where the span around them names one, it is theirs.
        Threads(
        [
            Span("handle", null, 0, 100, Chain, ("session.id", "s-1")),
            .. Agent("one", "handle", 1, "a", ["user: x"], "y"),
            .. Agent("two", "handle", 30, "b", ["user: x"], "y")
        ]).ShouldBe(["/root /root/b"]);
    }

    [Fact]
    public void Conversations_that_go_on_side_by_side_are_kept_apart() =>
        Threads(
            [
                Span("main", null, 0, 900, Chain),
                .. Enumerable.Range(0, 64).SelectMany(i => Agent($"c{i}", "main", i, i % 2 == 0 ? "a" : "b", ["user: the same"], "answer")),
            ]).Count.ShouldBe(64);

    [Fact]
    public void A_span_that_never_came_groups_nothing() =>
        Threads([.. Agent("one", "gone", 1, "a", ["user: x"], "y"), .. Agent("two", "gone", 30, "b", ["user: x"], "y")]).ShouldBe(["/root", "/root"]);

    [Fact]
    public void A_conversation_goes_on_whether_or_not_another_agent_is_asked_in_a_turn()
    {
        ForeignSpan[] alone = [Span("handle", null, 0, 100, Chain), .. Agent("one", "handle", 1, "triage", ["user: hi"], "hello")];
        ForeignSpan[] together =
        [
            .. new[] { Span("handle", null, 200, 300, Chain) }
                .Concat(Agent("one", "handle", 201, "triage", ["user: hi", "assistant: hello", "user: refund"], "asking"))
                .Concat(Agent("two", "handle", 240, "billing", ["user: refund"], "done")).Select(span => In(span, "second")),
        ];
        ForeignSpan[] again = [.. Agent("one", "handle", 400, "triage", ["user: hi", "assistant: hello", "user: refund", "assistant: asking", "user: thanks"], "bye").Prepend(Span("handle", null, 399, 500, Chain)).Select(span => In(span, "third"))];

        // Alone first: the others never have its conversation.
        Threads([.. alone, .. together, .. again]).ShouldBe(["/root", "/root"]);

        // Together first: then alone, in the same thread.
        Threads([.. together, .. again]).ShouldBe(["/root /root/triage /root/billing"]);
    }

    [Fact]
    public void A_graph_carries_out_beside_an_agent_what_that_has_asked_for()
    {
        (string, object?)[] node = [("openinference.span.kind", "AGENT")];
        Stories(
        [
            Span("graph", null, 0, 100, Chain),
            Span("agent", "graph", 1, 20, node), Span("chat1", "agent", 2, 10, ChatTags(["user: 2*3?"], ["call c-1 mul {\"a\":2}"])),
            Span("tools", "graph", 21, 30, Chain), Span("tool", "tools", 22, 29, ToolTags("mul", "c-1", "{\"a\":2}", "6")),
            Span("agent2", "graph", 31, 50, node) with { Name = "agent" }, Span("chat2", "agent2", 32, 40, ChatTags(["user: 2*3?", "call c-1 mul {\"a\":2}", "gave c-1 6"], ["assistant: 6"]))
        ]).ShouldBe(
            """
            /root  Completed
              turn Completed
                request gpt-5@openai Completed 
                  given:  |  | model="gpt-5"
                  < User Message  2*3?
                  > Assistant FunctionCall c-1 {"a":2}
                tool mul Completed c-1 asked by a request, call items 1, outputs 1
              turn Completed
                request gpt-5@openai Completed 
                  given:  |  | model="gpt-5"
                  < User Message  2*3?
                  < Assistant FunctionCall c-1 {"a":2}
                  < Tool FunctionCallOutput c-1 6
                  > Assistant Message  6

            """);
    }

    [Fact]
    public void An_agent_that_hands_over_is_not_shown_what_it_asked_for_and_the_other_one_goes_on()
    {
        (string, object?) conversation = ("gen_ai.conversation.id", "c-1");
        var story = Stories(
        [
            Span("root", null, 0, 100, AgentTags("front", conversation)),
            Span("chat1", "root", 1, 20, ChatTags(["user: refund"], ["call c-0 note {}", "call c-1 transfer_to_agent {\"agent_name\":\"billing\"}"])),
            Span("note", "chat1", 9, 10, ToolTags("note", "c-0", "{}", "noted")),
            Span("transfer", "chat1", 10, 19, ToolTags("transfer_to_agent", "c-1", "{\"agent_name\":\"billing\"}", "{\"result\":null}")),
            Span("billing", "root", 21, 90, AgentTags("billing", conversation)),
            Span("chat2", "billing", 22, 80, ChatTags(["user: refund", "user: [front] transferred"], ["assistant: done"])),
            In(Span("later", null, 200, 300, AgentTags("billing", conversation)), "second"),
            In(Span("chat3", "later", 210, 280, ChatTags(["user: refund", "user: [front] transferred", "assistant: done", "user: thanks"], ["assistant: bye"])), "second")
        ]);

        story.ShouldContain("/root/billing billing Completed by transfer_to_agent");
        story.ShouldNotContain("ANOMALY");
        story.ShouldNotContain("/root/billing_2");
        story.Split("  turn Completed").Length.ShouldBe(4);
    }

    [Fact]
    public void What_an_agent_gave_inside_a_call_and_nobody_was_shown_is_still_found() => Stories(
        [
            Span("root", null, 0, 100, AgentTags("front")),
            Span("chat1", "root", 1, 20, ChatTags(["user: refund"], ["call c-1 ask {}"])),
            Span("call", "root", 21, 60, ToolTags("ask", "c-1", "{}", "done")),
            Span("billing", "call", 22, 59, AgentTags("billing")),
            Span("chat2", "billing", 23, 50, ChatTags(["user: please"], ["assistant: done"])),
        ]).ShouldContain("ANOMALY call_without_output");

    private static ForeignSpan In(ForeignSpan span, string trace) =>
        span.InTrace(trace) with { ParentSpanId = span.ParentSpanId is { } parent ? Id(trace + parent) : null };

    private static IEnumerable<ForeignSpan> Agent(string id, string parent, int start, string name, string[] input, string answer, params (string Name, object? Value)[] more) =>
    [
        Span(id, parent, start, start + 20, [("openinference.span.kind", "AGENT"), ("agent.name", name), .. more]),
        Span($"{id}-chat", id, start + 1, start + 18, ChatTags(input, [$"assistant: {answer}"])),
    ];

    private static string Stories(IEnumerable<ForeignSpan> spans)
    {
        using var bundles = new MappedBundles(spans);
        return bundles.Story;
    }

    // The agents of each rollout, and nothing found.
    private static List<string> Threads(IEnumerable<ForeignSpan> spans)
    {
        using var bundles = new MappedBundles(spans);
        bundles.Story.ShouldNotContain("ANOMALY");
        return [.. bundles.Directories.Select(static directory => string.Join(' ', TestSupport.RolloutStory.Of(directory).Split('\n').Where(static line => line.StartsWith('/')).Select(static line => line.Split(' ')[0])))];
    }
}

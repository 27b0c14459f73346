using RolloutTrace.GenAI.Tests.Support;
using RolloutTrace.TestSupport;
using static RolloutTrace.GenAI.Tests.Support.Run;
using static RolloutTrace.GenAI.Tests.Support.SpanText;

namespace RolloutTrace.GenAI.Tests.Mapping;

/// <summary>Whose thread a turn belongs to.</summary>
public sealed class ThreadTests
{
    [Theory]
    [InlineData("gen_ai.conversation.id", "conversation_id")]
    [InlineData("session.id", "session_id")]
    public void A_conversation_that_is_named_is_one_thread(string attribute, string rule)
    {
        using var bundles = new MappedBundles(
        [
            Span("one", null, 0, 10, ChatTags(["user: hi"], ["assistant: hello"], null, (attribute, "c-1"))),
            Span("two", null, 20, 30, ChatTags(["user: hi", "assistant: hello", "user: more"], ["assistant: here"], null, (attribute, "c-1"))).InTrace("second"),
            Span("three", null, 40, 50, ChatTags(["user: hi"], ["assistant: hello"], null, (attribute, "c-2"))).InTrace("third"),
        ]);

        bundles.Directories.Count.ShouldBe(2);
        bundles.Files.Values.ShouldContain(text => text.Contains($"\"thread_rule\":\"{rule}\",\"thread_rule_is_guess\":false", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(40)]
    public void However_many_conversations_came_before_one_goes_on_in_its_thread(int remembered)
    {
        using var bundles = new MappedBundles(Enumerable.Range(0, 100).SelectMany(Conversation), threads: new GenAIThreadOptions { MaxThreads = remembered, Memory = TimeSpan.FromDays(1) });

        bundles.Directories.Count.ShouldBe(100);
        bundles.Directories.ShouldAllBe(static bundle => RolloutStory.Of(bundle).StartsWith("/root  Completed\n  turn Completed\n", StringComparison.Ordinal));
        bundles.Directories.ShouldAllBe(static bundle => RolloutStory.Of(bundle).Split("  turn Completed\n").Length == 3);

        static IEnumerable<ForeignSpan> Conversation(int i) =>
        [
            Span("one", null, i * 100, (i * 100) + 10, ChatTags(["user: hi"], ["assistant: hello"], null, ("gen_ai.conversation.id", $"c-{i}"))).InTrace($"first {i}"),
            Span("two", null, (i * 100) + 20, (i * 100) + 30, ChatTags(["user: hi", "assistant: hello", "user: more"], ["assistant: here"], null, ("gen_ai.conversation.id", $"c-{i}"))).InTrace($"second {i}"),
        ];
    }

    [Theory]
    [InlineData(3, 4)]
    [InlineData(4, 6)]
    public void A_conversation_whose_thread_is_forgotten_has_ended_and_goes_on_in_another_rollout(int between, int rollouts)
    {
        using var bundles = new MappedBundles([Ask("first", 0, "c"), .. Enumerable.Range(1, between).Select(static i => Ask($"other {i}", i * 100, $"c-{i}")), Ask("last", 1000, "c")], threads: new GenAIThreadOptions { MaxThreads = 2 });

        bundles.Directories.Count.ShouldBe(rollouts);
        RolloutStory.Of(bundles.Directories[0]).ShouldStartWith("/root  Completed\n");
        bundles.Directories.Count(bundle => Path.GetFileName(bundle).EndsWith(Path.GetFileName(bundles.Directories[0])[^36..], StringComparison.Ordinal)).ShouldBe(rollouts - between);

        static ForeignSpan Ask(string trace, int start, string conversation) => Span("one", null, start, start + 10, ChatTags(["user: hi"], ["assistant: hello"], null, ("gen_ai.conversation.id", conversation))).InTrace(trace);
    }

    [Fact]
    public void Without_a_name_the_thread_goes_on_whose_whole_conversation_the_request_begins_with()
    {
        using var bundles = new MappedBundles(
        [
            Span("one", null, 0, 10, ChatTags(["user: hi"], ["assistant: hello"])),
            Span("two", null, 20, 30, ChatTags(["system: today is Monday", "user: hi", "assistant: hello", "user: more"], ["assistant: here"])).InTrace("second"),
            Span("branch", null, 40, 50, ChatTags(["user: hi", "assistant: hello", "user: else"], ["assistant: there"])).InTrace("third"),
        ]);

        // The third begins with the beginning of a conversation only.
        bundles.Directories.Count.ShouldBe(2);
        bundles.Files.Values.ShouldContain(text => text.Contains("\"thread_rule\":\"history\",\"thread_rule_is_guess\":true", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("user: Answer with JSON.", "user: weather?", "user: and then?", "user: Answer with JSON.")]
    [InlineData(null, "user: Found: sun. Question: weather?", "user: Found: rain. Question: and then?", null)]
    public void A_program_that_keeps_less_of_a_question_than_it_has_shown_goes_on_in_its_thread(string? first, string asked, string then, string? last)
    {
        string[] question = first is null ? [asked] : [asked, first];
        string[] next = last is null ? [then] : [then, last];
        using var bundles = new MappedBundles(
        [
            Span("one", null, 0, 10, ChatTags(["user: hi", "assistant: hello", .. question], ["call c1 look"])),
            Span("two", null, 12, 20, ChatTags(["user: hi", "assistant: hello", .. question, "call c1 look", "gave c1 sun"], ["assistant: sunny"])),
            Span("three", null, 30, 40, ChatTags(["user: hi", "assistant: hello", "user: weather?", "call c1 look", "gave c1 sun", "assistant: sunny", .. next], ["assistant: rainy"])).InTrace("second"),
            Span("four", null, 50, 60, ChatTags(["user: hi", "assistant: hello", "user: weather?", "assistant: sunny", "user: and then?", "assistant: rainy", "user: thanks"], ["assistant: bye"])).InTrace("third"),
        ]);

        // What is left out of the question may be anything, and of what was said before it nothing.
        bundles.Directories.ShouldHaveSingleItem();
    }

    [Fact]
    public void Who_has_got_the_same_answer_to_another_question_is_nobody_that_is_known()
    {
        using var bundles = new MappedBundles(
        [
            Span("one", null, 0, 10, ChatTags(["user: Found: sun. Question: hello"], ["assistant: hi"])),
            Span("two", null, 20, 30, ChatTags(["user: hell", "assistant: hi", "user: more"], ["assistant: here"])).InTrace("second"),
            Span("three", null, 40, 50, ChatTags(["user: hello", "assistant: hi there", "user: more"], ["assistant: here"])).InTrace("third"),
            Span("four", null, 60, 70, ChatTags(["user: hey", "assistant: ho", "user: hello", "assistant: hi", "user: more"], ["assistant: here"])).InTrace("fourth"),
            Span("other", null, 80, 90, ChatTags(["user: Found: rain. Question: hello"], ["assistant: hi"])).InTrace("fifth"),
            Span("whose", null, 92, 99, ChatTags(["user: hello", "assistant: hi", "user: more"], ["assistant: here"])).InTrace("sixth"),
        ]);

        bundles.Directories.Count.ShouldBe(6);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 3)]
    public void What_has_failed_is_tried_again_in_its_thread_until_a_model_has_answered(bool isSame, int threads)
    {
        string[] again = isSame ? ["user: hi"] : ["user: hi there"];
        using var bundles = new MappedBundles(
        [
            Span("one", null, 0, 10, ChatTags(["user: hi"], null, null, ("error.type", "500"))),
            Span("two", null, 20, 30, ChatTags(again, null, null, ("error.type", "500"))).InTrace("second"),
            Span("three", null, 40, 50, ChatTags(["user: hi"], ["assistant: hello"])).InTrace("third"),
            Span("four", null, 60, 70, ChatTags(["user: hi"], ["assistant: hello"], null, ("gen_ai.system_instructions", isSame ? "Help." : null))).InTrace("fourth"),
        ]);

        bundles.Directories.Count.ShouldBe(threads == 1 ? 2 : 3);
        RolloutStory.Of(bundles.Directories[0]).Split('\n').Count(static line => line.StartsWith("  turn", StringComparison.Ordinal)).ShouldBe(threads == 1 ? 3 : 2);
    }

    [Fact]
    public void A_loop_that_failed_after_its_first_call_is_tried_again_from_its_question()
    {
        using var bundles = new MappedBundles(
        [
            .. Loop("first", 0),
            .. Loop("second", 100),
            Span("three", null, 200, 210, ChatTags(["user: look it up"], ["assistant: here"])).InTrace("third"),
            Span("four", null, 220, 230, ChatTags(["user: look it up", "assistant: here", "user: thanks"], ["assistant: bye"])).InTrace("fourth"),
        ]);

        bundles.Directories.ShouldHaveSingleItem();
        bundles.Story.Split('\n').Count(static line => line.StartsWith("  turn", StringComparison.Ordinal)).ShouldBe(4);

        static ForeignSpan[] Loop(string trace, int start) =>
        [
            Span("loop", null, start, start + 50, ("gen_ai.operation.name", "orchestrate_tools")).InTrace(trace),
            Span("asks", "loop", start + 1, start + 9, ChatTags(["user: look it up"], ["call call-1 look {}"])).Below(trace),
            Span("look", "loop", start + 10, start + 19, ToolTags("look", "call-1")).Below(trace),
            Span("fails", "loop", start + 20, start + 49, ChatTags(["user: look it up", "call call-1 look {}", "gave call-1 done"], null, null, ("error.type", "500"))).Below(trace),
        ];
    }

    [Theory]
    [InlineData("first", "second", 2)]
    [InlineData("first", "first", 1)]
    public void What_failed_inside_of_other_work_is_tried_again_there_alone(string failedIn, string askedIn, int threads)
    {
        using var bundles = new MappedBundles(
        [
            .. Works("first"),
            .. Works("second"),
            Span("one", "works", 1, 10, ChatTags(["user: hi"], null, null, ("error.type", "500"))).Below(failedIn),
            Span("two", "works", 20, 30, ChatTags(["user: hi"], ["assistant: hello"])).Below(askedIn),
        ]);

        bundles.Directories.Count.ShouldBe(threads);

        static ForeignSpan[] Works(string trace) => [Span("works", null, 0, 100, ("http.route", "/chat")).InTrace(trace)];
    }

    [Theory]
    [InlineData("assistant: Let me look. It is sunny.", 1)]
    [InlineData("assistant: Let me look.It is sunny.", 1)]
    [InlineData("assistant: It is sunny.", 1)]
    [InlineData("assistant: Let me see. It is sunny.", 2)]
    public void A_program_may_keep_as_one_text_what_was_said_around_a_call(string kept, int threads)
    {
        using var bundles = new MappedBundles(
        [
            Span("one", null, 0, 10, ChatTags(["user: weather?"], ["assistant: Let me look.", "call c1 look"])),
            Span("two", null, 20, 30, ChatTags(["user: weather?", "assistant: Let me look.", "call c1 look", "gave c1 sun"], ["assistant: It is sunny."])).InTrace("second"),
            Span("three", null, 40, 50, ChatTags(["user: weather?", kept, "user: thanks"], ["assistant: bye"])).InTrace("third"),
            Span("four", null, 60, 70, ChatTags(["user: weather?", kept, "user: thanks", "assistant: bye", "user: well"], ["assistant: yes?"])).InTrace("fourth"),
        ]);

        bundles.Directories.Count.ShouldBe(threads);
    }

    [Fact]
    public void Two_who_ask_the_same_at_the_same_time_and_fail_stay_two()
    {
        using var bundles = new MappedBundles(
        [
            Span("one", null, 0, 10, ChatTags(["user: hi"], null, null, ("error.type", "500"))),
            Span("other", null, 5, 12, ChatTags(["user: hi"], null, null, ("error.type", "500"))).InTrace("second"),
            Span("whose", null, 20, 30, ChatTags(["user: hi"], ["assistant: hello"])).InTrace("third"),
        ]);

        bundles.Directories.Count.ShouldBe(3);
    }

    [Fact]
    public void After_a_turn_that_was_cancelled_the_thread_goes_on_from_what_that_turn_was_given()
    {
        using var bundles = new MappedBundles(
        [
            Span("one", null, 0, 10, ChatTags(["user: hi"], ["assistant: hello"])),
            .. Cancelled(["user: hi", "assistant: hello", "user: look it up"], "second"),
            Span("three", null, 60, 70, ChatTags(["user: hi", "assistant: hello", "user: look it up", "assistant: (stopped)", "user: never mind"], ["assistant: fine"])).InTrace("third"),
        ]);

        bundles.Directories.ShouldHaveSingleItem();
        bundles.Story.ShouldContain("turn Cancelled");
    }

    [Theory]
    [InlineData("user: example", "assistant: shown", "user: look it up")]
    [InlineData("user: look it up")]
    public void One_that_was_cancelled_before_its_thread_had_an_answer_is_nobody_elses_beginning(params string[] told)
    {
        using var bundles = new MappedBundles(
        [
            .. Cancelled(told, "first"),
            Span("two", null, 60, 70, ChatTags([.. told, "assistant: (stopped)", "user: never mind"], ["assistant: fine"])).InTrace("second"),
            Span("three", null, 80, 90, ChatTags(told, ["assistant: here"])).InTrace("third"),
        ]);

        bundles.Directories.Count.ShouldBe(3);
    }

    [Fact]
    public void Once_the_thread_has_answered_what_a_cancelled_turn_was_given_leads_nowhere()
    {
        using var bundles = new MappedBundles(
        [
            Span("one", null, 0, 10, ChatTags(["user: hi"], ["assistant: hello"])),
            .. Cancelled(["user: hi", "assistant: hello", "user: look it up"], "second"),
            Span("three", null, 60, 70, ChatTags(["user: hi", "assistant: hello", "user: look it up", "assistant: (stopped)", "user: never mind"], ["assistant: fine"])).InTrace("third"),
            Span("other", null, 80, 90, ChatTags(["user: hi", "assistant: hello", "user: look it up"], ["assistant: here"])).InTrace("fourth"),
        ]);

        bundles.Directories.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(1, "TaskCanceledException", "user: hi", "assistant: hello", "user: never mind")]
    [InlineData(1, "InvalidOperationException", "user: hi", "assistant: hello", "user: never mind")]
    [InlineData(2, "TaskCanceledException", "user: hi", "assistant: hello", "user: never mind", "assistant: fine", "user: thanks")]
    [InlineData(2, "TaskCanceledException", "user: hi", "assistant: hi there", "user: never mind")]
    public void A_program_that_drops_the_question_of_a_turn_that_was_left_goes_on_with_another_in_its_place(int threads, string error, params string[] next)
    {
        using var bundles = new MappedBundles(
        [
            Span("one", null, 0, 10, ChatTags(["user: hi"], ["assistant: hello"])),
            .. Cancelled(["user: hi", "assistant: hello", "user: look it up"], "second", error),
            Span("three", null, 60, 70, ChatTags(next, ["assistant: here"])).InTrace("third"),
        ]);

        bundles.Directories.Count.ShouldBe(threads);
    }

    [Fact]
    public void Who_has_had_the_same_conversation_as_one_with_a_cancelled_turn_goes_on_with_its_own()
    {
        using var bundles = new MappedBundles(
        [
            Span("one", null, 0, 10, ChatTags(["user: hi"], ["assistant: hello"])),
            .. Cancelled(["user: hi", "assistant: hello", "user: look it up"], "second"),
            Span("other", null, 60, 70, ChatTags(["user: hi"], ["assistant: hello"])).InTrace("third"),
            Span("more", null, 80, 90, ChatTags(["user: hi", "assistant: hello", "user: more"], ["assistant: here"])).InTrace("fourth"),
            Span("instead", null, 92, 99, ChatTags(["user: hi", "assistant: hello", "user: never mind"], ["assistant: fine"])).InTrace("fifth"),
        ]);

        bundles.Directories.Count.ShouldBe(2);
        RolloutStory.Of(bundles.Directories[0]).ShouldContain("> Assistant Message  fine");
        RolloutStory.Of(bundles.Directories[1]).ShouldContain("> Assistant Message  here");
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_request_beside_the_conversation_is_none_of_it_where_it_is_told_something_else_and_offers_no_tools(bool isToldElse, bool hasTools)
    {
        (string, object?)[] told = [("gen_ai.system_instructions", "Help."), ("gen_ai.tool.definitions", """[{"type":"function","name":"look"}]""")];
        using var bundles = new MappedBundles(
        [
            Span("one", null, 0, 10, ChatTags(["user: hi"], ["assistant: hello"], null, told)),
            Span("beside", null, 20, 30, ChatTags(["user: hi", "assistant: hello"], ["assistant: A greeting"], null, [("gen_ai.system_instructions", isToldElse ? "Find a title." : "Help."), .. hasTools ? told[1..] : []])).InTrace("second"),
            Span("two", null, 40, 50, ChatTags(["user: hi", "assistant: hello", "user: more"], ["assistant: here"], null, told)).InTrace("third"),
        ]);

        var isBeside = isToldElse && !hasTools;
        bundles.Directories.Count.ShouldBe(2);
        bundles.Story.Split("/root ").Select(static rollout => rollout.Split("    request ").Length - 1).ShouldBe([0, 2, 1]);
        bundles.Story.Split("/root ")[1].Contains("A greeting", StringComparison.Ordinal).ShouldBe(!isBeside);
    }

    [Fact]
    public void What_is_only_around_requests_may_be_around_several_conversations()
    {
        using var bundles = new MappedBundles(
        [
            Span("batch", null, 0, 100, ("gen_ai.operation.name", "batch")),
            Span("a", "batch", 1, 10, ChatTags(["user: hi"], ["assistant: hello"], "resp_1", ("gen_ai.conversation.id", "first"))),
            Span("b", "batch", 2, 12, ChatTags(["user: ho"], ["assistant: hello"], "resp_2", ("gen_ai.conversation.id", "second"))),
            Span("c", "batch", 20, 30, ChatTags(["user: more"], ["assistant: here"], "resp_3", ("gen_ai.conversation.id", "resp_1"))),
        ]);

        bundles.Directories.Count.ShouldBe(2);
        bundles.Story.Split("/root ").Select(static rollout => rollout.Split("    request ").Length - 1).ShouldBe([0, 2, 1]);
    }

    [Fact]
    public void Agents_do_not_go_on_with_each_others_conversations()
    {
        using var bundles = new MappedBundles(
        [
            Span("a", null, 0, 10, AgentTags("writer")),
            Span("a1", "a", 1, 9, ChatTags(["user: hi"], ["assistant: hello"])),
            Span("b", null, 20, 30, AgentTags("critic")).InTrace("second"),
            Span("b1", "b", 21, 29, ChatTags(["user: hi", "assistant: hello", "user: judge"], ["assistant: good"])) with { TraceId = Id("second").PadLeft(32, '0'), SpanId = Id("b1"), ParentSpanId = Id("second" + Id("b")) },
        ]);

        bundles.Directories.Count.ShouldBe(2);
    }

    [Fact]
    public void An_agent_that_is_handed_a_conversation_is_spawned_and_nothing_is_undelivered()
    {
        using var bundles = new MappedBundles(
        [
            Span("a", null, 0, 10, AgentTags("triage", ("gen_ai.conversation.id", "c-1"))),
            Span("a1", "a", 1, 9, ChatTags(["user: hi"], ["assistant: over to billing"])),
            Span("b", null, 20, 30, AgentTags("billing", ("gen_ai.conversation.id", "c-1"))),
            Span("b1", "b", 21, 29, ChatTags(["user: hi", "user: over to billing"], ["assistant: paid"])),
            Span("a2", null, 40, 50, AgentTags("triage", ("gen_ai.conversation.id", "c-1"))),
            Span("a3", "a2", 41, 49, ChatTags(["user: hi", "assistant: over to billing", "user: thanks"], ["assistant: bye"])),
        ]);

        bundles.Story.ShouldBe(
            """
            /root triage Completed
              turn Completed
                request gpt-5@openai Completed 
                  given:  |  | model="gpt-5"
                  < User Message  hi
                  > Assistant Message  over to billing
              turn Completed
                request gpt-5@openai Completed 
                  given:  |  | model="gpt-5"
                  < User Message  hi
                  < Assistant Message  over to billing
                  < User Message  thanks
                  > Assistant Message  bye
            /root/billing billing Completed
              turn Completed
                request gpt-5@openai Completed 
                  given:  |  | model="gpt-5"
                  < User Message  hi
                  < User Message  over to billing
                  > Assistant Message  paid

            """);
    }

    [Fact]
    public void An_agent_inside_its_callers_conversation_is_spawned_all_the_same()
    {
        using var bundles = new MappedBundles(
        [
            Span("a", null, 0, 100, AgentTags("planner", ("gen_ai.conversation.id", "c-1"))),
            Span("a1", "a", 1, 9, ChatTags(["user: hi"], ["call call-1 ask {}"])),
            Span("t", "a", 10, 50, ToolTags("ask", "call-1", result: "found")),
            Span("b", "t", 11, 49, AgentTags("finder", ("gen_ai.conversation.id", "c-1"))),
            Span("b1", "b", 12, 48, ChatTags(["user: find"], ["assistant: found"])),
            Span("a2", "a", 60, 90, ChatTags(["user: hi", "call call-1 ask {}", "gave call-1 found"], ["assistant: done"])),
        ]);

        var story = bundles.Story;
        story.ShouldContain("/root/finder finder Completed by ask");
        story.ShouldContain("edge SpawnAgent tool call-1 -> thread");
        story.ShouldContain("edge AgentResult conversation_item:4 -> conversation_item:5");
        story.Split('\n').Where(line => line.StartsWith("ANOMALY", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void A_workflow_spawns_its_agents()
    {
        using var bundles = new MappedBundles(
        [
            Span("w", null, 0, 100, ("gen_ai.operation.name", "invoke_workflow"), ("session.id", "s-1")),
            Span("executor", "w", 1, 40, ("executor.id", "one")),
            Span("a", "executor", 2, 39, AgentTags("writer")),
            Span("a1", "a", 3, 38, ChatTags(["user: write"], ["assistant: a text"])),
            Span("executor2", "w", 41, 90, ("executor.id", "two")),
            Span("b", "executor2", 42, 89, AgentTags("critic")),
            Span("b1", "b", 43, 88, ChatTags(["user: a text"], ["assistant: good"])),
        ]);

        bundles.Directories.ShouldHaveSingleItem();
        var story = bundles.Story;
        story.ShouldContain("/root/writer writer Completed");
        story.ShouldContain("/root/critic critic Completed");
        story.Split('\n').Where(line => line.StartsWith("ANOMALY", StringComparison.Ordinal)).ShouldBeEmpty();
        story.ShouldNotContain("STRICT");
    }

    [Fact]
    public void A_run_of_a_workflow_in_which_nobody_works_is_no_turn()
    {
        (string, object?)[] workflow = [("gen_ai.operation.name", "invoke_workflow"), ("session.id", "s-1")];
        using var bundles = new MappedBundles(
        [
            Span("w1", null, 0, 10, workflow),
            Span("delivery", "w1", 1, 2, ("executor.id", "one")),
            Span("w2", null, 20, 100, workflow),
            Span("a", "w2", 21, 39, AgentTags("writer")),
            Span("a1", "a", 22, 38, ChatTags(["user: write"], ["assistant: a text"])),
            Span("w3", null, 110, 120, workflow),
            Span("w4", null, 130, 140, ("gen_ai.operation.name", "invoke_workflow"), ("session.id", "s-2")),
        ]);

        bundles.Directories.ShouldHaveSingleItem();
        bundles.Story.Split('\n').Count(line => line == "  turn Completed").ShouldBe(2);
    }

    [Fact]
    public void A_run_of_a_workflow_that_fails_or_says_something_is_a_turn_though_nobody_works_in_it()
    {
        using var bundles = new MappedBundles(
        [
            Span("w1", null, 0, 10, ("gen_ai.operation.name", "invoke_workflow"), ("session.id", "s-1"), ("error.type", "timeout")),
            Span("w2", null, 20, 30, ("gen_ai.operation.name", "invoke_workflow"), ("session.id", "s-1"), ("gen_ai.output.messages", Messages("assistant: closed"))),
        ]);

        bundles.Directories.ShouldHaveSingleItem();
        var story = bundles.Story;
        story.ShouldContain("  turn Failed");
        story.ShouldContain("  turn Completed");
    }

    [Fact]
    public void An_agent_that_links_to_another_is_spawned_by_it()
    {
        using var bundles = new MappedBundles(
        [
            Span("a", null, 0, 10, AgentTags("writer")),
            Span("a1", "a", 1, 9, ChatTags(["user: write"], ["assistant: a text"])),
            Span("b", null, 20, 30, AgentTags("critic")) with { Links = [new SpanLink(Id("trace").PadLeft(32, '0'), Id("a"), [])] },
            Span("b1", "b", 21, 29, ChatTags(["user: a text"], ["assistant: good"])),
        ]);

        bundles.Directories.ShouldHaveSingleItem();
        bundles.Story.ShouldContain("/root/critic critic Completed");
    }

    [Fact]
    public void A_parent_that_never_came_is_a_turn_that_runs()
    {
        using var bundles = new MappedBundles(
        [
            Span("one", "lost", 0, 10, ChatTags(["user: hi"], ["call call-1 find {}"])),
            Span("tool", "lost", 11, 19, ToolTags("find", "call-1")),
            Span("two", "lost", 20, 30, ChatTags(["user: hi", "call call-1 find {}", "gave call-1 done"], ["assistant: here"])),
        ]);

        Timeless(bundles.Story).ShouldBe(
            """
            /root  Running
              turn Running
                request gpt-5@openai Completed 
                  given:  |  | model="gpt-5"
                  < User Message  hi
                  > Assistant FunctionCall call-1 {}
                tool find Completed call-1 asked by a request, call items 1, outputs 1
                request gpt-5@openai Completed 
                  given:  |  | model="gpt-5"
                  < User Message  hi
                  < Assistant FunctionCall call-1 {}
                  < Tool FunctionCallOutput call-1 done
                  > Assistant Message  here
            ANOMALY never_ended
            ANOMALY never_ended
            ANOMALY never_ended

            """);
        bundles.Summary.Running.ShouldBe(1);
    }

    [Fact]
    public void Spans_that_handles_made_say_themselves_whose_they_are()
    {
        const string Root = "019d0000-0000-7000-8000-000000000001";
        const string Child = "019d0000-0000-7000-8000-000000000002";
        (string, object?)[] Of(string thread, params (string, object?)[] more) => [("rollout.thread.id", thread), ("gen_ai.conversation.id", Root), .. more];
        using var bundles = new MappedBundles(
        [
            Span("session", null, 0, 100, Of(Root, ("rollout.thread.origin", "root"), ("gen_ai.agent.name", "root"))),
            Span("turn", null, 1, 99, AgentTags("root", Of(Root))) with { Links = [new SpanLink(Id("trace").PadLeft(32, '0'), Id("session"), [new SpanTag("rollout.link.kind", "session")])] },
            Span("chat1", "turn", 2, 9, ChatTags(["user: hi"], ["call call-1 spawn_agent {\"message\":\"look\"}"], "r-1", Of(Root))),
            Span("tool", "turn", 10, 20, ToolTags("spawn_agent", "call-1", """{"message":"look"}""", more: Of(Root, ("rollout.tool.id", "call-1")))),
            Span("session2", null, 11, 98, Of(Child, ("rollout.thread.origin", "spawned"))),
            Span("turn2", "tool", 12, 40, AgentTags("helper", Of(Child))),
            Span("chat2", "turn2", 13, 39, ChatTags(["user: look"], ["assistant: seen"], "r-2", Of(Child))),
            Span("turn3", "tool", 50, 60, AgentTags("helper", Of(Child))),
            Span("chat3", "turn3", 51, 59, ChatTags(["user: look", "assistant: seen", "user: again"], ["assistant: same"], "r-3", Of(Child))),
        ]);

        var story = bundles.Story;
        bundles.Directories.ShouldHaveSingleItem().ShouldEndWith(Root);
        story.ShouldContain("/root/helper helper Completed by spawn_agent\n  turn Completed");
        story.Split('\n').Count(line => line == "  turn Completed").ShouldBe(3);
        story.Split('\n').Count(line => line.StartsWith("/root", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public void What_never_ended_is_running()
    {
        using var bundles = new MappedBundles([Span("a", null, 0, null, AgentTags("planner")), Span("a1", "a", 1, null, ChatTags(["user: hi"], null))]);

        Timeless(bundles.Story).ShouldBe(
            """
            /root planner Running
              turn Running
                request gpt-5@openai Running 
                  given:  |  | model="gpt-5"
                  < User Message  hi
            ANOMALY never_ended
            ANOMALY never_ended
            ANOMALY never_ended
            ANOMALY never_ended

            """);
    }

    // How long ago it was is another answer each day.
    private static string Timeless(string story) => string.Join('\n', story.Split('\n').Select(line => line.StartsWith("ANOMALY", StringComparison.Ordinal) ? line.Split(':')[0] : line));

    // A loop whose call was cancelled, or has failed: no request follows.
    private static ForeignSpan[] Cancelled(string[] told, string trace, string error = "TaskCanceledException")
    {
        var loop = Span("loop", null, 20, 50, ("gen_ai.operation.name", "orchestrate_tools")).InTrace(trace);
        return
        [
            loop,
            Span("asks", null, 21, 29, ChatTags(told, ["call call-1 slow {}"])).InTrace(trace) with { ParentSpanId = loop.SpanId },
            Span("slow", null, 30, 49, ToolTags("slow", "call-1", "{}", result: null, ("error.type", error))).InTrace(trace) with { ParentSpanId = loop.SpanId },
        ];
    }
}

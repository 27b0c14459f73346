using RolloutTrace.GenAI.Tests.Support;
using static RolloutTrace.GenAI.Tests.Support.Run;
using static RolloutTrace.GenAI.Tests.Support.SpanText;

namespace RolloutTrace.GenAI.Tests.Mapping;

public sealed class CompactionTests
{
    private const string Expected = """
            compaction 4 -> 1, 0 requests
            request gpt-5@openai Completed r-3
              given:  |  | model="gpt-5"
              < User Message  Summary: we said hello and more
              < User Message  go on
              > Assistant Message  done

        """;

    [Fact]
    public void A_compaction_of_its_own_span_is_installed_with_both_histories() => Story(
        Span("compact", "b", 41, 50, ("compaction.strategy", "Summarization"), ("compaction.compacted", "True"), ("compaction.before.messages", 5)) with { Name = "compaction.compact" })
        .ShouldContain(Expected);

    [Fact]
    public void So_is_one_that_only_the_request_shows() => Story().ShouldContain(Expected);

    [Fact]
    public void Its_own_request_belongs_to_it() => Story(
        Span("compact", "b", 41, 50, ("compaction.strategy", "Summarization"), ("compaction.compacted", true)) with { Name = "compaction.compact" },
        Span("summarize", "compact", 42, 49, ChatTags(["user: sum up"], ["assistant: Summary"], "s-1")))
        .ShouldContain(Expected.Replace("0 requests", "1 requests", StringComparison.Ordinal));

    [Fact]
    public void One_that_did_nothing_is_none() => Story(
        Span("compact", "a", 1, 2, ("compaction.strategy", "Summarization"), ("compaction.triggered", "False")) with { Name = "compaction.compact" })
        .ShouldContain(Expected);

    [Fact]
    public void A_request_for_a_summary_that_no_span_is_around_is_one_for_a_compaction() => Told(
        Span("s", null, 41, 49, ChatTags(["user: hi", "assistant: hello", "user: more", "system: Condense this."], ["assistant: They met."], "r-s", ("gen_ai.request.model", "small"))).InTrace("summary"),
        Span("c", null, 50, 60, ChatTags(["assistant: They met.", "assistant: here", "user: go on"], ["assistant: done"], "r-3")).InTrace("third"))
        .ShouldContain("compaction 4 -> 2, 1 requests");

    [Theory]
    [InlineData("user: hi", "assistant: hello", "user: more", "assistant: here", "user: summarise all that")]
    [InlineData("system: You write summaries.", "user: hi", "assistant: hello", "user: more")]
    [InlineData("user: hi", "user: summarise that")]
    public void A_request_that_goes_on_or_says_another_thing_is_none(params string[] messages)
    {
        var story = Told(Span("s", null, 41, 49, ChatTags(messages, ["assistant: They met."], "r-s")).InTrace("summary"));
        story.ShouldNotContain("compaction");
    }

    [Theory]
    [InlineData("user: summarise the notes")]
    [InlineData("user: more", "system: Keep summaries compact.")]
    public void An_agent_that_is_asked_for_a_summary_and_calls_tools_for_it_goes_on(string question, params string[] told)
    {
        string[] first = [.. told, "user: hi"];
        string[] second = [.. first, "assistant: hello", question];
        using var bundles = new MappedBundles(
        [
            Span("a", null, 0, 20, AgentTags("planner", ("gen_ai.conversation.id", "c-1"))),
            Span("a1", "a", 3, 9, ChatTags(first, ["assistant: hello"], "r-1")),
            Span("b", null, 40, 100, AgentTags("planner", ("gen_ai.conversation.id", "c-1"))),
            Span("b1", "b", 41, 50, ChatTags(second, ["call c1 look"], "r-2")),
            Span("t", "b", 51, 60, ToolTags("look", "c1", "{}", "seen")),
            Span("b2", "b", 61, 70, ChatTags([.. second, "call c1 look", "gave c1 seen"], ["call c2 find"], "r-3")),
            Span("u", "b", 71, 80, ToolTags("find", "c2", "{}", "found")),
            Span("b3", "b", 81, 90, ChatTags([.. second, "call c1 look", "gave c1 seen", "call c2 find", "gave c2 found"], ["assistant: done"], "r-4")),
        ]);

        bundles.Story.ShouldNotContain("compaction");
        bundles.Story.ShouldNotContain("ANOMALY");
        foreach (var response in (string[])["r-1", "r-2", "r-3", "r-4"])
        {
            bundles.Story.ShouldContain($"request gpt-5@openai Completed {response}");
        }
    }

    [Fact]
    public void A_history_without_its_beginning_was_made_shorter() => Told(
        Span("c", null, 50, 60, ChatTags(["user: more", "assistant: here", "user: go on"], ["assistant: done"], "r-3")).InTrace("third"))
        .ShouldContain("compaction 4 -> 2, 0 requests");

    [Fact]
    public void Who_asks_for_a_summary_after_that_goes_on_with_the_rest()
    {
        var story = Told(Span("c", null, 50, 60, ChatTags(["user: more", "assistant: here", "user: summarise that"], ["assistant: done"], "r-3")).InTrace("third"));
        story.ShouldContain("compaction 4 -> 2, 0 requests");
        story.ShouldContain("request gpt-5@openai Completed r-3");
    }

    [Fact]
    public void One_that_lacks_only_calls_goes_on_without_a_compaction()
    {
        using var bundles = new MappedBundles(
        [
            Span("a", null, 0, 5, ChatTags(["user: hi"], ["call c1 look"], "r-1")),
            Span("b", null, 10, 15, ChatTags(["user: hi", "call c1 look", "gave c1 seen"], ["assistant: hello"], "r-2")).InTrace("second"),
            Span("c", null, 20, 25, ChatTags(["user: hi", "assistant: hello", "user: more"], ["assistant: here"], "r-3")).InTrace("third"),
        ]);
        bundles.Directories.Count.ShouldBe(1);
        bundles.Story.ShouldNotContain("compaction");
    }

    [Fact]
    public void Conversations_that_begin_with_the_same_examples_stay_apart_whatever_is_answered()
    {
        string[] examples = ["user: I like it", "assistant: good", "user: I hate it", "assistant: bad"];
        using var bundles = new MappedBundles(
        [
            Span("a", null, 0, 5, ChatTags([.. examples, "user: It works"], ["assistant: good"], "r-1")),
            Span("b", null, 10, 15, ChatTags([.. examples, "user: It broke"], ["assistant: bad"], "r-2")).InTrace("second"),
            Span("c", null, 20, 25, ChatTags([.. examples, "user: Fine"], ["assistant: good"], "r-3")).InTrace("third"),
        ]);
        bundles.Directories.Count.ShouldBe(3);
        bundles.Story.ShouldNotContain("compaction");
    }

    [Fact]
    public void An_end_that_several_conversations_have_is_that_of_the_one_that_has_the_rest_too()
    {
        using var bundles = new MappedBundles(
        [
            Span("a1", null, 0, 5, ChatTags(["user: one"], ["assistant: ok"], "r-1")),
            Span("a2", null, 10, 15, ChatTags(["user: one", "assistant: ok", "user: two"], ["assistant: ok"], "r-2")).InTrace("second"),
            Span("b", null, 20, 25, ChatTags(["user: three"], ["assistant: ok"], "r-3")).InTrace("third"),
            Span("a3", null, 30, 35, ChatTags(["user: two", "assistant: ok", "user: four"], ["assistant: ok"], "r-4")).InTrace("fourth"),
        ]);
        bundles.Directories.Count.ShouldBe(2);
    }

    // Two turns of a conversation that only its history tells, and what comes after them.
    private static string Told(params ForeignSpan[] more)
    {
        using var bundles = new MappedBundles(
        [
            Span("a", null, 0, 9, ChatTags(["user: hi"], ["assistant: hello"], "r-1")),
            Span("b", null, 10, 30, ChatTags(["user: hi", "assistant: hello", "user: more"], ["assistant: here"], "r-2")).InTrace("second"),
            .. more,
        ]);
        bundles.Story.ShouldNotContain("ANOMALY");
        bundles.Story.ShouldNotContain("STRICT");
        bundles.Story.ShouldNotContain("DIAGNOSTIC");
        return bundles.Story;
    }

    private static string Story(params ForeignSpan[] more)
    {
        using var bundles = new MappedBundles(
        [
            Span("a", null, 0, 40, AgentTags("planner", ("gen_ai.conversation.id", "c-1"))),
            Span("a1", "a", 3, 9, ChatTags(["user: hi"], ["assistant: hello"], "r-1")),
            Span("a2", "a", 10, 30, ChatTags(["user: hi", "assistant: hello", "user: more"], ["assistant: here"], "r-2")),
            Span("b", null, 40, 100, AgentTags("planner", ("gen_ai.conversation.id", "c-1"), ("gen_ai.input.messages", Messages("user: go on")))),
            Span("b1", "b", 60, 90, ChatTags(["user: Summary: we said hello and more", "user: go on"], ["assistant: done"], "r-3")),
            .. more,
        ]);
        var story = bundles.Story;
        story.ShouldNotContain("ANOMALY");
        story.ShouldNotContain("STRICT");
        story.ShouldNotContain("DIAGNOSTIC");
        return story;
    }
}

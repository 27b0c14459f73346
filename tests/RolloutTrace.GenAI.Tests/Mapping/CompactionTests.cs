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

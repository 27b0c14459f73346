namespace RolloutTrace.Import.Tests.Claude;

public sealed class ClaudeSessionsTests
{
    [Fact]
    public void A_line_with_the_uuid_of_another_and_other_words_is_kept_and_told()
    {
        var session = new ClaudeLog().User("u1", "go").Says("a1", "m1", "one").Says("a1", "m1", "two", after: "u1").User("u2", "more").Says("a2", "m2", "three").Import();

        session.Answered(1).ShouldBe(["assistant: one", "assistant: two"]);
        session.Diagnostics.ShouldBe(["line_repeated 3 1"]);
    }

    [Fact]
    public void A_line_that_comes_before_the_one_it_follows_has_its_place_behind_it()
    {
        var log = new ClaudeLog().User("u1", "go").Calls("a1", "m1", "t1").Result("r1", "t1", "\"out\"").Says("a2", "m2", "one").User("u2", "more").Says("a3", "m3", "two");
        var reordered = new ClaudeLog();
        foreach (var line in new[] { 0, 2, 1, 3, 5, 4 })
        {
            reordered.Raw(log.Lines[line]);
        }

        var session = reordered.Import();

        session.Saw(2).ShouldBe(["user: go", "call t1 {\"command\":\"ls\"}", "output t1: out"]);
        session.Saw(3).ShouldBe(["user: go", "call t1 {\"command\":\"ls\"}", "output t1: out", "assistant: one", "user: more"]);
        session.Turns.ShouldBe(["Completed: r1 r2", "Completed: r3"]);
        session.Anomalies.ShouldBeEmpty();
    }

    [Fact]
    public void Lines_that_follow_each_other_in_a_circle_are_all_read()
    {
        var session = new ClaudeLog().User("u1", "go", after: "a2").Says("a1", "m1", "one").Says("a2", "m2", "two").Import();

        session.Requests.SelectMany((_, i) => session.Answered(i + 1)).ShouldBe(["assistant: one", "assistant: two"], ignoreOrder: true);
    }

    [Fact]
    public void What_lies_beside_logs_is_told_and_no_error()
    {
        using var directory = new ImportDirectory();
        var result = directory.With("s.jsonl", new ClaudeLog().User("u1", "go").Says("a1", "m1", "hi").Lines)
            .With("sessions-index.json", """{"version":1,"entries":[]}""")
            .With("s/subagents/agent-x.meta.json", """{"agentType":"Explore"}""")
            .With("s/tool-results/x.txt", "long output")
            .With("memory/MEMORY.md", "# notes")
            .With("history.jsonl", """{"display":"go","pastedContents":{},"timestamp":1763643600000,"project":"/home/garden","sessionId":"s"}""")
            .With("codex/history.jsonl", """{"session_id":"019f740f-cdc6-738e-a378-8bcf7f73ad65","ts":1763643600,"text":"go"}""")
            .Run();

        result.IsSound.ShouldBeTrue();
        result.Diagnostics.Select(static diagnostic => diagnostic.Code).ShouldBe(Enumerable.Repeat(ImportCodes.FormatUnknown, 6));
    }
}

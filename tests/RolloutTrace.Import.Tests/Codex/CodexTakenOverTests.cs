namespace RolloutTrace.Import.Tests.Codex;

public sealed class CodexTakenOverTests
{
    private const string Fork = "019f740f-cdc6-738e-a378-8bcf7f73ad66";

    [Theory]
    [InlineData("b", "a", true)]
    [InlineData("a", "b", false)]
    public void What_a_fork_took_over_is_history_and_was_asked_in_its_origin(string origin, string fork, bool isNamed)
    {
        var own = new CodexLog().Meta().Started("t1").Context("t1").User("one").Calls("c1").Count(100, 0, 10).Output("c1").Says("1").Count(210, 0, 20).Completed("t1");
        var all = own.Lines.ToList();
        own.Started("t2").Context("t2").User("again").Says("2").Count(320, 0, 30).Completed("t2");

        // Its first own words are those with which its origin went on, and it goes back before what it took over.
        var forked = new CodexLog(100).Meta(Fork, isNamed ? $"\"forked_from_id\":\"{CodexLog.Session}\"" : "\"source\":\"cli\"").Copy(all)
            .Started("t3").Context("t3").User("again").Says("two").Count(330, 0, 25).Completed("t3")
            .Event("""{"type":"thread_rolled_back","num_turns":2}""").Started("t4").User("anew").Says("three").Completed("t4");
        using var directory = new ImportDirectory();
        directory.With($"{origin}.jsonl", own.Lines).With($"{fork}.jsonl", forked.Lines);

        var result = directory.Run();

        result.Diagnostics.ShouldBeEmpty();
        result.Rollouts.Select(static rollout => (rollout.RolloutId, rollout.Turns, rollout.Requests, rollout.ToolCalls)).ShouldBe([(CodexLog.Session, 2, 3, 1), (Fork, 2, 2, 0)]);
        var session = new ImportedSession(result.Rollouts[1].Bundle, result);
        session.Saw(1).ShouldBe(["user: one", "call c1 {}", "output c1: done", "assistant: 1", "user: again"]);
        session.Answered(1).ShouldBe(["assistant: two"]);
        session.Usage(1).ShouldBe("120 0 0 5 0");
        session.Saw(2).ShouldBe(["user: anew"]);
        session.Breadcrumbs.ShouldBe(["event_msg"]);
        session.Anomalies.ShouldBe(["rewound"]);
    }

    [Fact]
    public void A_fork_whose_origin_is_not_there_has_all_that_its_log_has()
    {
        var own = new CodexLog().Meta().Started("t1").Context("t1").User("one").Says("1").Completed("t1");
        using var directory = new ImportDirectory();
        directory.With("a.jsonl", new CodexLog(100).Meta(Fork, $"\"forked_from_id\":\"{CodexLog.Session}\"").Copy(own.Lines).Started("t2").User("two").Says("2").Completed("t2").Lines)
            .With("b.jsonl", new CodexLog(200).Meta("other").Started("t1").Context("t1").User("one").Says("1").Completed("t1").Lines);

        var result = directory.Run();

        // One of the same words that names no other is no fork.
        result.Rollouts.Select(static rollout => (rollout.RolloutId, rollout.Requests)).ShouldBe([(Fork, 2), ("other", 1)]);
    }
}

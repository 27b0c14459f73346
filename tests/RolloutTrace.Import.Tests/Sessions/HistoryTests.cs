using RolloutTrace.Import.Tests.Claude;
using RolloutTrace.Import.Tests.Codex;

namespace RolloutTrace.Import.Tests.Sessions;

public sealed class HistoryTests
{
    [Fact]
    public void What_nobody_answered_is_a_breadcrumb()
    {
        var session = new CodexLog().Meta().Started("t1").Context("t1").User("go").Says("hi").Completed("t1").User("more").User("still there?").Import();

        session.Breadcrumbs.ShouldBe(["response_item", "response_item"]);
        Crumbs(session).ShouldBe(["more", "still there?"]);
    }

    [Fact]
    public void What_was_rolled_back_before_anybody_answered_is_a_breadcrumb()
    {
        var session = new CodexLog().Meta().Started("t1").Context("t1").User("one").Says("1").Completed("t1").Started("t2").Context("t2").User("two").Aborted("t2")
            .Event("""{"type":"thread_rolled_back","num_turns":1}""").Started("t3").Context("t3").User("three").Says("3").Completed("t3").Import();

        session.Saw(2).ShouldBe(["user: one", "assistant: 1", "user: three"]);
        Crumbs(session).ShouldBe(["two"]);
    }

    [Fact]
    public void A_prompt_that_another_one_took_the_place_of_is_a_breadcrumb()
    {
        var session = new ClaudeLog().User("u1", "go").Says("a1", "m1", "hi").User("u2", "first thought").User("u3", "second thought", after: "a1").Says("a3", "m3", "yes").User("u4", "last").Import();

        session.Saw(2).ShouldBe(["user: go", "assistant: hi", "user: second thought"]);
        Crumbs(session).ShouldBe(["first thought", "last"]);
    }

    [Fact]
    public void What_the_user_said_while_the_model_worked_is_in_the_next_request()
    {
        var session = new ClaudeLog().User("u1", "go").Calls("a1", "m1", "t1").Result("r1", "t1", "\"out\"")
            .Line("attachment", "at1", "\"attachment\":{\"type\":\"queued_command\",\"prompt\":\"and the south bed\",\"commandMode\":\"prompt\"}").Says("a2", "m2", "done").Import();

        session.Saw(2).ShouldBe(["user: go", "call t1 {\"command\":\"ls\"}", "output t1: out", "user: and the south bed"]);
        session.Turns.ShouldBe(["Completed: r1 r2"]);
    }

    [Fact]
    public void A_command_that_the_model_answers_begins_a_turn()
    {
        var session = new ClaudeLog().User("u1", "go").Says("a1", "m1", "hi").User("u2", "<command-name>/review</command-name>").User("u3", "Review all.", ",\"isMeta\":true").Says("a2", "m2", "done")
            .User("u4", "<command-name>/cost</command-name>").User("u5", "<local-command-stdout>1</local-command-stdout>").User("u6", "more").Says("a3", "m3", "yes").Import();

        session.Turns.ShouldBe(["Completed: r1", "Completed: r2", "Completed: r3"]);
        session.Graph.CodexTurns.Keys.Order(StringComparer.Ordinal).ShouldBe(["u1", "u2", "u6"]);
    }

    [Fact]
    public void A_summary_without_a_boundary_takes_the_place_of_what_was_there()
    {
        var session = new ClaudeLog().User("u1", "go").Calls("a1", "m1", "t1").Result("r1", "t1", "\"out\"").User("s1", "Summary.", ",\"isCompactSummary\":true", after: null).Says("a2", "m2", "done").Import();

        session.Graph.Compactions.Values.ShouldHaveSingleItem().InputItemIds.Select(session.Item).ShouldBe(["user: go", "call t1 {\"command\":\"ls\"}", "output t1: out"]);
        session.Saw(2).ShouldBe(["user: Summary."]);
        session.Anomalies.ShouldBeEmpty();
    }

    [Fact]
    public void A_result_that_comes_late_is_seen_from_then_on()
    {
        var session = new ClaudeLog().User("u1", "go").Calls("a1", "m1", "t1").Calls("a2", "m1", "t2").Result("r1", "t1", "\"one\"", after: "a1").Says("a3", "m2", "first").Result("r2", "t2", "\"two\"", after: "a2").Says("a4", "m3", "second").User("u2", "more").Says("a5", "m4", "third").Import();

        session.Saw(2).ShouldBe(["user: go", "call t1 {\"command\":\"ls\"}", "call t2 {\"command\":\"ls\"}", "output t1: one"]);
        session.Saw(3).ShouldContain("output t2: two");
        session.Saw(4).Where(static item => item == "output t2: two").ShouldHaveSingleItem();
        session.Saw(4)[^1].ShouldBe("user: more");
    }

    private static IEnumerable<string> Crumbs(ImportedSession session) => session.Graph.RawPayloads.Values
        .Where(static payload => payload.Kind == Bundle.PayloadKind.ProtocolEvent)
        .OrderBy(static payload => payload.RawPayloadId.Length).ThenBy(static payload => payload.RawPayloadId, StringComparer.Ordinal)
        .Select(payload => System.Text.Json.JsonDocument.Parse(session.Payload(payload.RawPayloadId)).RootElement)
        .Where(static crumb => crumb.TryGetProperty("content", out _))
        .Select(static crumb => crumb.GetProperty("content")[0].GetProperty("text").GetString()!);
}

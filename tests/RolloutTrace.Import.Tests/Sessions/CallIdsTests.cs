using RolloutTrace.Import.Tests.Claude;
using RolloutTrace.Import.Tests.Codex;

namespace RolloutTrace.Import.Tests.Sessions;

public sealed class CallIdsTests
{
    [Fact]
    public void Ids_that_begin_anew_are_taken_by_strict_readers_and_outputs_stay_with_their_calls()
    {
        var session = new CodexLog().Meta().Started("t1").Context("t1").User("go").Calls("call_1", arguments: "{\"a\":1}").Output("call_1", "\"one\"").Calls("call_1", arguments: "{\"a\":2}").Output("call_1", "\"two\"")
            .Calls("call_1", arguments: "{\"a\":2}").Output("call_1", "\"three\"").Says("done").Completed("t1").Import();

        session.Saw(4).ShouldBe([
            "user: go", "call call_1 {\"a\":1}", "output call_1: one", "call call_1~2 {\"a\":2}", "output call_1~2: two", "call call_1~3 {\"a\":2}", "output call_1~3: three",
        ]);
        session.Tools.ShouldBe(["call_1 shell Completed", "call_1~2 shell Completed", "call_1~3 shell Completed"]);
        session.Anomalies.ShouldBeEmpty();
    }

    [Fact]
    public void The_same_in_the_other_tools_logs()
    {
        var session = new ClaudeLog().User("u1", "go").Calls("a1", "m1", "t1", input: "{\"a\":1}").Result("r1", "t1", "\"one\"").Calls("a2", "m2", "t1", input: "{\"a\":2}").Result("r2", "t1", "\"two\"", isError: true).Says("a3", "m3", "done").Import();

        session.Saw(3).ShouldBe(["user: go", "call t1 {\"a\":1}", "output t1: one", "call t1~2 {\"a\":2}", "output t1~2: two"]);
        session.Tools.ShouldBe(["t1 Bash Completed", "t1~2 Bash Failed"]);
    }

    [Fact]
    public void An_output_that_comes_again_is_the_same_and_another_one_is_kept()
    {
        var session = new CodexLog().Meta().Started("t1").Context("t1").User("go").Calls("c1").Output("c1").Output("c1").Output("c1", "\"late\"").Says("done").Completed("t1").Import();

        session.Saw(2).ShouldBe(["user: go", "call c1 {}", "output c1: done", "output c1: done", "output c1~2: late"]);
    }

    [Fact]
    public void A_new_history_may_have_the_calls_of_the_old_one()
    {
        const string Kept = """{"replacement_history":[{"type":"function_call","name":"shell","arguments":"{}","call_id":"c1"},{"type":"function_call_output","call_id":"c1","output":"cut"}]}""";
        var session = new CodexLog().Meta().Started("t1").Context("t1").User("go").Calls("c1").Output("c1", "\"long\"").Line("compacted", Kept).Says("done").Completed("t1").Import();

        session.Saw(2).ShouldBe(["call c1 {}", "output c1~2: cut"]);
    }
}

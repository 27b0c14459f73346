namespace RolloutTrace.Import.Tests.Codex;

public sealed class CodexRolloutTests
{
    private const string Helper = "019f740f-cdc6-738e-a378-8bcf7f73ad66";
    private const string Other = "019f740f-cdc6-738e-a378-8bcf7f73ad67";

    [Theory]
    [InlineData("a", "b", "c")]
    [InlineData("c", "b", "a")]
    public void Spawned_agents_are_threads_of_their_callers_rollout_and_what_a_call_waited_for_came_back_by_it(string own, string first, string second)
    {
        var log = new CodexLog().Meta().Started("t1").Context("t1").User("go").Says("so").Calls("s1", "spawn_agent", """{"message":"Count."}""").Calls("s2", "spawn_agent", """{"message":"Count."}""").Count(100, 0, 10)
            .Output("s1", Text($"{{\"agent_id\":\"{Helper}\",\"nickname\":\"Ohm\"}}")).Output("s2", Text("{\"task_name\":\"/root/beds\"}"));
        var one = new CodexLog(8).Meta(Helper, Spawned("\"agent_nickname\":\"Ohm\",\"agent_role\":\"explorer\"")).Started("k1").Context("k1", "small").User("Count.").Calls("c1").Output("c1").Says("Three.").Completed("k1");

        // It was told what was said before it, and not what was done.
        var two = new CodexLog(9).Meta(Other, Spawned("\"agent_path\":\"/root/beds\"")).Copy(log.Lines.Skip(1).Take(4)).Started("k2").Context("k2", "small").User("Count.").Says("Four.").Completed("k2");
        log.Calls("w1", "wait_agent", """{"timeout_ms":1000}""");
        var all = new CodexLog(30).Raw(log.Lines[0]);
        log.Lines.Skip(1).ToList().ForEach(line => all.Raw(line));
        all.Output("w1", Text($"{{\"status\":{{\"{Helper}\":{{\"completed\":\"Three.\"}}}},\"timed_out\":false}}")).Says("Three.").Completed("t1")
            .Started("t2").User($"<subagent_notification>\\n{{\\\"agent_path\\\":\\\"{Other}\\\",\\\"status\\\":{{\\\"completed\\\":\\\"Four.\\\"}}}}\\n</subagent_notification>").Says("And four.").Completed("t2");
        using var directory = new ImportDirectory();
        directory.With($"{own}.jsonl", all.Lines).With($"{first}.jsonl", one.Lines).With($"{second}.jsonl", two.Lines);

        var session = directory.RunOne();

        session.Graph.Threads.Values.Select(static thread => $"{thread.AgentPath} {thread.Nickname} {thread.Execution.Status}").Order(StringComparer.Ordinal)
            .ShouldBe(["/root  Completed", "/root/beds  Completed", "/root/explorer Ohm Completed"]);
        session.Edges.ShouldBe(["AgentResult assistant: Three. > output w1: " + $"{{\"status\":{{\"{Helper}\":{{\"completed\":\"Three.\"}}}},\"timed_out\":false}}", "SpawnAgent s1 > /root/explorer", "SpawnAgent s2 > /root/beds"]);
        session.Requests.Select(request => $"{session.Graph.Threads[request.ThreadId].AgentPath}: {session.Saw(session.Requests.ToList().IndexOf(request) + 1).Length} {request.Model}")
            .ShouldBe(["/root: 1 gpt-5.3-codex", "/root: 6 gpt-5.3-codex", "/root/explorer: 1 small", "/root/beds: 3 small", "/root/explorer: 3 small", "/root: 8 gpt-5.3-codex", "/root: 10 gpt-5.3-codex"], ignoreOrder: true);
        session.Events.Select(static e => e.WallTimeUnixMs).ShouldBeInOrder();
        session.Diagnostics.ShouldBeEmpty();
        session.Anomalies.ShouldBeEmpty();
    }

    [Fact]
    public void Agents_that_spawned_each_other_or_nobody_that_is_there_have_rollouts_of_their_own()
    {
        using var directory = new ImportDirectory();
        directory.With("a.jsonl", new CodexLog().Meta(Helper, Spawned("\"depth\":1", Other)).Started("t1").User("one").Says("1").Completed("t1").Lines)
            .With("b.jsonl", new CodexLog().Meta(Other, Spawned("\"depth\":1", Helper)).Started("t1").User("two").Says("2").Completed("t1").Lines)
            .With("c.jsonl", new CodexLog(9).Meta("alone", Spawned("\"depth\":1", "nobody")).Started("t1").User("three").Says("3").Completed("t1").Lines);

        var result = directory.Run();

        result.Rollouts.Sum(static rollout => rollout.Requests).ShouldBe(3);
        result.Rollouts[^1].RolloutId.ShouldBe("alone");
        result.Diagnostics.ShouldBeEmpty();
    }

    private static string Spawned(string members, string by = CodexLog.Session) => $"\"source\":{{\"subagent\":{{\"thread_spawn\":{{\"parent_thread_id\":\"{by}\",{members}}}}}}}";

    private static string Text(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}

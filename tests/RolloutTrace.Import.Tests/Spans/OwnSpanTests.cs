using RolloutTrace.GenAI;
using RolloutTrace.Import.Sessions;
using RolloutTrace.Import.Spans;

namespace RolloutTrace.Import.Tests.Spans;

public sealed class OwnSpanTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1 << 20)]
    public void What_is_put_aside_comes_back_as_it_was(long inMemory)
    {
        var spool = new LogSpool(inMemory);
        var (text, list) = ($"{new string('x', 300)}\ud83d\ud83c\udf31", $"[{new string(' ', 300)}\"é\"]");
        var own = new OwnSpan(
            new ForeignSpan
            {
                TraceId = TestSpan.Trace, SpanId = "0000000000000001", Start = DateTimeOffset.UnixEpoch,
                Attributes = [new("b", text), new("a", list), new("n", 5L), new("b", text + "2")],
            },
            spool);

        own.Text("b").ShouldBe(text + "2");
        own.Json("a", System.Text.Json.JsonValueKind.Array)!.Value[0].GetString().ShouldBe("é");
        own.Number("n").ShouldBe(5);
        own.Names.ShouldBe(["b", "a", "n"]);
        own.Span.Attributes.ShouldBeEmpty();
        spool.Close();
    }

    [Fact]
    public void An_agent_that_a_call_of_any_tool_spawned_is_imported_with_that_call()
    {
        const string Root = "01a22674-67d6-746e-9150-2d36ba57758b";
        const string Child = "01a22674-6ab2-72fb-9d38-58ca44bd749d";
        const string Turn = "01a22674-6825-733a-b1f2-8ec870ee52cf";
        using var directory = new ImportDirectory().With("a", SpanFiles.Otlp(
        [
            new("0000000000000001", null, "agent_session /root", 0, 100,
                ("rollout.id", Root), ("rollout.thread.id", Root), ("rollout.agent.path", "/root"), ("rollout.thread.origin", "root"), ("rollout.status", "completed")),
            new("0000000000000002", null, "invoke_agent boss", 0, 90, ("gen_ai.operation.name", "invoke_agent"),
                ("rollout.id", Root), ("rollout.thread.id", Root), ("rollout.turn.id", Turn), ("rollout.status", "completed")),
            new("0000000000000003", "0000000000000002", "execute_tool researcher", 10, 80, ("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", "researcher"),
                ("gen_ai.tool.call.id", "c1"), ("rollout.tool.id", "c1"), ("rollout.tool.kind", "other"),
                ("rollout.id", Root), ("rollout.thread.id", Root), ("rollout.turn.id", Turn), ("rollout.status", "completed")),
            new("0000000000000004", null, "agent_session /root/researcher", 20, 70,
                ("rollout.id", Root), ("rollout.thread.id", Child), ("rollout.agent.path", "/root/researcher"), ("rollout.thread.origin", "spawned"),
                ("rollout.thread.parent_id", Root), ("rollout.link.spawn_agent", $"{TestSpan.Trace}-0000000000000003"), ("rollout.status", "completed")),
            new("0000000000000005", "0000000000000003", "invoke_agent researcher", 20, 60, ("gen_ai.operation.name", "invoke_agent"),
                ("rollout.id", Root), ("rollout.thread.id", Child), ("rollout.turn.id", "01a22674-6ab8-7d56-a88c-fca07bee0b2b"), ("rollout.status", "completed")),
        ]).ToJsonString().Replace("\"lib\"", "\"RolloutTrace\"", StringComparison.Ordinal));

        var graph = directory.RunOne().Graph;

        graph.Threads.Values.Select(static thread => thread.AgentPath).ShouldBe(["/root", "/root/researcher"], ignoreOrder: true);
        graph.ToolCalls.Values.ShouldHaveSingleItem().Kind.Name.ShouldBe("researcher");
    }
}

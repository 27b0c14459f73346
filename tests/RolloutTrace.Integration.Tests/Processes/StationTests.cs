using System.Text.RegularExpressions;
using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Integration.Tests.Processes;

/// <summary>
/// Agents that call each other over MCP and HTTP, each a process with the one line AddRolloutTracing(). What is called is known by spans of
/// other libraries alone, and every model uses the same call ids.
/// </summary>
public sealed partial class StationTests : IDisposable
{
    private readonly JoinedProcesses processes = new();

    private string Root => processes.Root;

    [Theory]
    [InlineData("mcp", "ask")]
    [InlineData("mcp-http", "ask-by-handles", "no")]
    public void Three_levels_are_one_tree_and_later_calls_are_tasks(string kind, params string[] caller)
    {
        var said = Ask(kind, below: 1, caller, "How is it?", times: 2);
        said.ShouldAllBe(line => line.EndsWith("station 1: station 0: all is well", StringComparison.Ordinal));

        var graph = processes.Reduce(3);

        graph.Status.ShouldBe(RolloutStatus.Completed);
        graph.Threads.Values.Select(thread => thread.AgentPath).ShouldBe(["/root", "/root/agent", "/root/agent/agent"], ignoreOrder: true);
        graph.CodexTurns.Count.ShouldBe(6);
        graph.InferenceCalls.Count.ShouldBe(12);
        graph.ToolCalls.Values.Select(tool => tool.ModelVisibleCallId).Order().ShouldBe(["call_1", "call_1", "call_1", "call_2", "call_2", "call_2"]);
        CheckCalls(graph, "/root", "/root/agent");
        CheckCalls(graph, "/root/agent", "/root/agent/agent");
        graph.InferenceCalls.Values.Select(call => call.Otel?.TraceId).Distinct().Count()
            .ShouldBe(caller is ["ask"] ? 2 : 1, "each question of one that is called by nobody is a trace, and so is a session");
    }

    [Theory]
    [InlineData("mcp", "ask-by-handles", "no")]
    [InlineData("mcp-http", "ask")]
    [InlineData("http", "ask")]
    [InlineData("http", "ask-by-handles", "no")]
    [InlineData("http", "ask-by-handles", "ids")]
    public void Whoever_is_asked_twice_is_spawned_by_the_first_call_and_given_a_task_by_the_second(string kind, params string[] caller)
    {
        Ask(kind, below: 0, caller, "How is it?", times: 2);

        var graph = processes.Reduce(2);

        graph.Status.ShouldBe(RolloutStatus.Completed);
        CheckCalls(graph, "/root", "/root/agent");
        (BundleReader.Open(processes.Bundles.Single(bundle => BundleReader.Open(bundle).Manifest.Caller is not null)).Manifest.Caller!.ToolCallId is not null)
            .ShouldBe(caller.Contains("ids"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Clocks_an_hour_apart_are_moved_into_the_call_and_any_order_gives_the_same_bytes(int hours)
    {
        Ask("mcp", below: 1, ["ask"], "How is it?", times: 1);
        var bundles = processes.Bundles;
        foreach (var called in bundles.Where(bundle => BundleReader.Open(bundle).Manifest.Caller is not null))
        {
            MoveClock(called, hours * 3_600_000L);
        }

        var graph = processes.Reduce(3);

        processes.Result.Parts.Select(part => Math.Round(part.ShiftMs / 3_600_000.0)).Order().ShouldBe(((double[])[0, -hours, -hours]).Order());
        foreach (var edge in graph.InteractionEdges.Values.Where(edge => edge.Kind == InteractionEdgeKind.SpawnAgent))
        {
            var tool = graph.ToolCalls[((ToolCallAnchor)edge.Source).ToolCallId].Execution;
            var thread = graph.Threads[((ThreadAnchor)edge.Target).ThreadId].Execution;
            thread.StartedAtUnixMs.ShouldBeGreaterThanOrEqualTo(tool.StartedAtUnixMs);
            thread.StartedSeq.ShouldBeGreaterThan(tool.StartedSeq);
        }

        var contents = JoinedProcesses.Contents(processes.Join(bundles));
        foreach (var order in (int[][])[[2, 1, 0], [1, 2, 0], [0, 2, 1]])
        {
            JoinedProcesses.Contents(processes.Join(order.Select(i => bundles[i]))).ShouldBe(contents);
        }
    }

    [Theory]
    [InlineData("mcp")]
    [InlineData("http")]
    public void A_callee_that_is_killed_is_there_as_far_as_it_got(string kind)
    {
        using var station = kind == "http" ? StationProcess.Serve(Root, kind, 0, out _) : null;
        using (var caller = new StationProcess(Root, "ask", station is null ? "mcp:0" : station.Station, "die", "1"))
        {
            caller.WaitForExit();
        }

        var graph = processes.Reduce(2);

        var called = graph.Threads.Values.Single(thread => thread.AgentPath == "/root/agent");
        called.Execution.Status.ShouldBe(ExecutionStatus.Running);
        graph.InferenceCalls.Values.Single(call => call.ThreadId == called.ThreadId).Execution.Status.ShouldBe(ExecutionStatus.Completed);
        graph.ToolCalls.Values.Single(tool => tool.ThreadId != called.ThreadId).Execution.Status.ShouldBe(ExecutionStatus.Failed);
        graph.InteractionEdges.Values.ShouldHaveSingleItem().Kind.ShouldBe(InteractionEdgeKind.SpawnAgent);
    }

    [Theory]
    [InlineData("no")]
    [InlineData("ids")]
    public void Of_a_caller_that_is_killed_the_callee_is_found_all_the_same(string ids)
    {
        using var station = StationProcess.Serve(Root, "http", 0, out var address);
        var gate = Path.Join(processes.Path, "gate");
        using (var caller = new StationProcess(Root, "ask-by-handles", address, $"wait {gate}", "1", ids))
        {
            // The question has a number behind it.
            StationProcess.WaitUntil(() => File.Exists($"{gate} 1.asked"), "the station is asked");
            StationProcess.WaitUntil(() => processes.Bundles.Any(bundle => IsWaiting(bundle, ids == "no")), "what the caller has done is on disk");
            caller.Kill();
            caller.WaitForExit();
        }

        File.WriteAllText($"{gate} 1", "");
        StationProcess.WaitUntil(() => processes.Bundles.Any(HasAnswered), "the station answers");
        station.End();

        var graph = processes.Reduce(2);

        graph.Status.ShouldBe(RolloutStatus.Running);
        var called = graph.Threads.Values.Single(thread => thread.AgentPath == "/root/agent");
        called.Execution.Status.ShouldBe(ExecutionStatus.Completed);
        Call(graph, graph.RootThreadId, called.ThreadId, InteractionEdgeKind.SpawnAgent).ShouldBe("call_1");
    }

    [Fact]
    public void A_session_that_was_resumed_twice_and_its_callees_are_one_rollout()
    {
        using var station = StationProcess.Serve(Root, "http", 0, out var address);
        StationProcess.Run(Root, "ask-by-handles", address, "First?", "1", "no");
        for (var i = 0; i < 2; i++)
        {
            var last = processes.Bundles.Last(bundle => BundleReader.Open(bundle).Manifest.Caller is null);
            StationProcess.Run(Root, "ask-by-handles", address, "And then?", "1", "no", last);
        }

        station.End();
        var graph = processes.Reduce(4);

        graph.Status.ShouldBe(RolloutStatus.Completed);
        graph.Threads.Values.Select(thread => thread.AgentPath).ShouldBe(["/root", "/root/agent"], ignoreOrder: true);
        graph.CodexTurns.Values.Count(turn => turn.ThreadId == graph.RootThreadId).ShouldBe(3);
        graph.InteractionEdges.Values.Count(edge => edge.Kind == InteractionEdgeKind.SpawnAgent).ShouldBe(1);
        graph.InteractionEdges.Values.Count(edge => edge.Kind == InteractionEdgeKind.AssignAgentTask).ShouldBe(2);
    }

    public void Dispose() => processes.Dispose();

    private IReadOnlyList<string> Ask(string kind, int below, string[] caller, string question, int times)
    {
        if (kind == "mcp")
        {
            return StationProcess.Run(Root, [caller[0], $"mcp:{below}", question, $"{times}", .. caller[1..]]);
        }

        using var station = StationProcess.Serve(Root, kind, below, out var address);
        var said = StationProcess.Run(Root, [caller[0], address, question, $"{times}", .. caller[1..]]);
        station.End();
        return said;
    }

    private static bool IsWaiting(string bundle, bool hasLeft)
    {
        var events = BundleReader.Open(bundle).ReadEvents().Select(line => line.Event?.Payload).ToList();
        return BundleReader.Open(bundle).Manifest.Caller is null && events.OfType<ToolCallStartedEvent>().Any()
            && (!hasLeft || events.OfType<ProtocolEventObservedEvent>().Any(e => e.EventType == Breadcrumbs.Outgoing));
    }

    private static bool HasAnswered(string bundle)
    {
        var reader = BundleReader.Open(bundle);
        return reader.Manifest.Caller is not null && reader.ReadEvents().Count(line => line.Event?.Payload is InferenceCompletedEvent) == 2;
    }

    // The first call has spawned it, the second has given it a task, and what it said is what both got.
    private static void CheckCalls(RolloutGraph graph, string path, string below)
    {
        var thread = graph.Threads.Values.Single(thread => thread.AgentPath == path).ThreadId;
        var called = graph.Threads.Values.Single(thread => thread.AgentPath == below).ThreadId;
        Call(graph, thread, called, InteractionEdgeKind.SpawnAgent).ShouldBe("call_1");
        Call(graph, thread, called, InteractionEdgeKind.AssignAgentTask).ShouldBe("call_2");
        graph.InteractionEdges.Values.Count(edge => edge.Kind == InteractionEdgeKind.AgentResult && SourceThread(graph, edge) == called).ShouldBe(2);
    }

    private static string? Call(RolloutGraph graph, string from, string to, InteractionEdgeKind kind)
    {
        var edge = graph.InteractionEdges.Values.Single(edge => edge.Kind == kind && (edge.Target as ThreadAnchor)?.ThreadId == to);
        var tool = graph.ToolCalls[((ToolCallAnchor)edge.Source).ToolCallId];
        tool.ThreadId.ShouldBe(from);
        return tool.ModelVisibleCallId;
    }

    private static string? SourceThread(RolloutGraph graph, InteractionEdge edge) => edge.Source switch
    {
        ThreadAnchor thread => thread.ThreadId,
        ConversationItemAnchor item => graph.ConversationItems[item.ItemId].ThreadId,
        _ => null,
    };

    // The same process on a machine whose clock is wrong.
    private static void MoveClock(string bundle, long milliseconds)
    {
        foreach (var file in (string[])["trace.jsonl", "manifest.json"])
        {
            var path = Path.Join(bundle, file);
            File.WriteAllText(path, UnixTime().Replace(File.ReadAllText(path), match => $"{match.Groups["name"].Value}{long.Parse(match.Groups["time"].Value) + milliseconds}"));
        }
    }

    [GeneratedRegex("(?<name>\"(wall_time_unix_ms|started_at_unix_ms)\":)(?<time>[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex UnixTime();
}

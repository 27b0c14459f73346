using RolloutTrace.Bundle;
using RolloutTrace.Packing;
using RolloutTrace.Reducer;

namespace RolloutTrace.Joining.Tests;

/// <summary>What the bundles of several processes give together.</summary>
public sealed class RolloutJoinerTests
{
    private const string Ask = """[{"type":"message","role":"user","content":[{"type":"input_text","text":"Go."}]}]""";
    private const long Hour = 3_600_000;

    private static CallerReference Caller(string rollout, string? tool = "call_1", SpanReference? span = null) => new() { RolloutId = rollout, ThreadId = rollout, ToolCallId = tool, Otel = span };

    private static ProcessBundle Root(string tool = "call_1", SpanReference? span = null, string output = "Done.") => new ProcessBundle("caller")
        .Start(0).Request(10, "request-1", Ask, $"call:{tool}").ToolStart(20, tool, span).ToolEnd(100, tool, output)
        .Request(110, "request-2", $$"""[{"type":"message","role":"user","content":[{"type":"input_text","text":"Go."}]},{"type":"function_call","call_id":"{{tool}}","name":"ask","arguments":"{}"},{"type":"function_call_output","call_id":"{{tool}}","output":"{{output}}"}]""", "All done.")
        .End(120);

    private static ProcessBundle Helper(long zero = 0, CallerReference? caller = null, string answer = "Done.", string name = "helper", string? nickname = "Helper No. 1") =>
        new ProcessBundle(name, zero, caller ?? Caller("caller")).Start(30, nickname: nickname).Request(40, "request-1", Ask, answer).End(60);

    [Fact]
    public void The_callee_is_a_spawned_thread_whose_answer_went_back_as_the_tools_output()
    {
        using var directory = new JoinDirectory();

        var joined = directory.Join(Root(), Helper());

        directory.Result.Apart.ShouldBeEmpty();
        var graph = JoinDirectory.Reduce(joined, strict: true);
        graph.Status.ShouldBe(RolloutStatus.Completed);
        var helper = graph.Threads["helper"];
        helper.AgentPath.ShouldBe("/root/helper_no__1");
        helper.Origin.ShouldBe(new SpawnedOrigin { ParentThreadId = "caller", SpawnEdgeId = "edge:spawn:caller:helper", TaskName = "helper_no__1", AgentRole = "" });
        graph.InteractionEdges["edge:spawn:caller:helper"].Source.ShouldBe(new ToolCallAnchor { ToolCallId = "call_1" });
        var result = graph.InteractionEdges["edge:agent_result:helper:turn-1@2:caller"];
        var output = graph.ToolCalls["call_1"].ModelVisibleOutputItemIds.ShouldHaveSingleItem();
        result.Target.ShouldBe(new ConversationItemAnchor { ItemId = output });
        graph.InferenceCalls.Keys.ShouldBe(["request-1", "request-1@2", "request-2"], ignoreOrder: true);
        JoinDirectory.Events(joined).Select(e => e.Seq).ShouldBe(Enumerable.Range(1, JoinDirectory.Events(joined).Count).Select(i => (long)i));
        JoinDirectory.Events(joined).ShouldAllBe(e => e.RolloutId == "caller" && (e.Part == "recording-caller" || e.Part == "recording-helper"));
    }

    [Fact]
    public void Other_words_are_no_answer()
    {
        using var directory = new JoinDirectory();

        var graph = JoinDirectory.Reduce(directory.Join(Root(output: "Done. "), Helper()), strict: true);

        graph.InteractionEdges.Keys.ShouldBe(["edge:spawn:caller:helper"]);
    }

    [Theory]
    [InlineData("""[{"type":"text","text":"Done."}]""")]
    [InlineData("""{"content":[{"type":"text","text":"Done."}]}""")]
    [InlineData("\"Done.\"")]
    public void An_answer_may_have_been_wrapped_on_its_way(string output)
    {
        using var directory = new JoinDirectory();
        var root = new ProcessBundle("caller").Start(0).ToolStart(20, "call_1").ToolEnd(100, "call_1", output).End(120);

        var graph = JoinDirectory.Reduce(directory.Join(root, Helper()), strict: true);

        graph.InteractionEdges.Keys.ShouldContain("edge:agent_result:helper:turn-1@2:caller");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(Hour, 40 - Hour)]
    [InlineData(-Hour, Hour - 10)]
    [InlineData(-20, 10)]
    [InlineData(50, -10)]
    public void A_clock_is_moved_by_as_little_as_lets_it_be_inside_the_call(long zero, long shift)
    {
        using var directory = new JoinDirectory();

        var joined = directory.Join(Root(), Helper(zero));

        directory.Result.Parts.Select(part => part.ShiftMs).ShouldBe([0, shift]);
        var events = JoinDirectory.Events(joined);
        var mine = events.Select((e, place) => (e, place)).Where(entry => entry.e.Part == "recording-helper").ToList();
        var begun = events.ToList().FindIndex(e => e.Payload is ToolCallStartedEvent);
        var ended = events.ToList().FindIndex(e => e.Payload is ToolCallEndedEvent);
        mine.ShouldAllBe(entry => entry.place > begun && entry.place < ended);
        mine[0].e.WallTimeUnixMs.ShouldBe(1_770_000_000_030 + zero + shift);
    }

    [Fact]
    public void A_callee_that_goes_on_longer_than_the_call_is_not_moved()
    {
        using var directory = new JoinDirectory();
        var worker = new ProcessBundle("worker", caller: Caller("caller")).Start(30).Request(40, "request-1", Ask, "Later.").End(5000);

        var events = JoinDirectory.Events(directory.Join(Root(), worker));

        directory.Result.Parts.ShouldAllBe(part => part.ShiftMs == 0);
        events[^1].Part.ShouldBe("recording-worker");
    }

    [Fact]
    public void A_callee_that_was_killed_and_a_caller_that_was_killed_are_joined_as_far_as_they_got()
    {
        using var directory = new JoinDirectory();
        var killed = new ProcessBundle("caller").Start(0).ToolStart(20, "call_1");
        var alsoKilled = new ProcessBundle("helper", -Hour, Caller("caller")).Start(30);

        var graph = JoinDirectory.Reduce(directory.Join(killed, alsoKilled), strict: true);

        graph.Status.ShouldBe(RolloutStatus.Running);
        graph.Threads["helper"].Execution.Status.ShouldBe(ExecutionStatus.Running);
        directory.Result.Parts[1].ShiftMs.ShouldBe(Hour - 10);
    }

    [Fact]
    public void A_caller_is_found_by_its_span_its_runtimes_or_one_that_left_the_process()
    {
        var span = ProcessBundle.Span('a', '1');
        foreach (var how in (string[])["tool", "runtime", "mcp", "outgoing"])
        {
            using var directory = new JoinDirectory();
            var root = new ProcessBundle("caller").Start(0).ToolStart(20, "call_1", how == "tool" ? span : ProcessBundle.Span('a', '2'));
            _ = how switch
            {
                "runtime" => root.Add(21, new ToolCallRuntimeStartedEvent { ToolCallId = "call_1", RuntimePayload = root.Payload(PayloadKind.ToolRuntimeEvent, "{}") }, turn: "turn-1", span: span),
                "mcp" => root.Add(21, new McpToolCallCorrelationAssignedEvent { ToolCallId = "call_1", McpCallId = $"{span.TraceId}-{span.SpanId}" }, turn: "turn-1"),
                "outgoing" => root.Add(21, new ProtocolEventObservedEvent { EventType = Breadcrumbs.Outgoing, EventPayload = root.Payload(PayloadKind.ProtocolEvent, $$$"""{"tool_call_id":"call_1","otel":{"trace_id":"{{{span.TraceId}}}","span_id":"{{{span.SpanId}}}"}}""") }, turn: "turn-1"),
                _ => root,
            };
            root.ToolEnd(100, "call_1", "Done.").End(120);

            var graph = JoinDirectory.Reduce(directory.Join(root, Helper(caller: new CallerReference { Otel = span })));

            graph.InteractionEdges["edge:spawn:caller:helper"].Source.ShouldBe(new ToolCallAnchor { ToolCallId = "call_1" }, how);
        }
    }

    [Fact]
    public void Of_ids_and_a_span_the_ids_count()
    {
        using var directory = new JoinDirectory();
        var root = new ProcessBundle("caller").Start(0).ToolStart(10, "call_1", ProcessBundle.Span('a', '1')).ToolStart(11, "call_2", ProcessBundle.Span('a', '2')).End(90);

        var graph = JoinDirectory.Reduce(directory.Join(root, Helper(caller: Caller("caller", "call_2", ProcessBundle.Span('a', '1')))));

        graph.InteractionEdges["edge:spawn:caller:helper"].Source.ShouldBe(new ToolCallAnchor { ToolCallId = "call_2" });
    }

    [Fact]
    public void Without_a_tool_call_there_is_a_spawned_thread_and_no_edge()
    {
        using var directory = new JoinDirectory();

        var graph = JoinDirectory.Reduce(directory.Join(Root(), Helper(caller: Caller("caller", tool: null))), strict: true);

        graph.Threads["helper"].Origin.ShouldBeOfType<SpawnedOrigin>();
        graph.InteractionEdges.ShouldBeEmpty();
    }

    [Fact]
    public void Three_levels_with_agents_of_their_own_are_below_one_another()
    {
        using var directory = new JoinDirectory();
        const string Scout = """{"thread_id":"scout","agent_path":"/root/scout","model":"gpt-5","session_source":{"subagent":{"thread_spawn":{"parent_thread_id":"helper","depth":1,"agent_path":"/root/scout","tool_call_id":"call_1"}}}}""";
        var helper = new ProcessBundle("helper", Hour, Caller("caller")).Start(30, nickname: "helper").ToolStart(35, "call_1").Thread(36, "scout", "/root/scout", Scout)
            .ToolStart(37, "call_2", thread: "scout", turn: "turn-1").ToolEnd(50, "call_1", "x").End(60);
        var third = new ProcessBundle("third", 2 * Hour, new CallerReference { RolloutId = "helper", ThreadId = "scout", ToolCallId = "call_2" }).Start(40).End(41);

        var joined = directory.Join(Root(), helper, third);

        var graph = JoinDirectory.Reduce(joined);
        graph.Threads.ToDictionary(entry => entry.Key, entry => entry.Value.AgentPath).ShouldBe(
            new Dictionary<string, string> { ["caller"] = "/root", ["helper"] = "/root/helper", ["scout"] = "/root/helper/scout", ["third"] = "/root/helper/scout/agent" }, ignoreOrder: true);
        graph.InteractionEdges["edge:spawn:helper:scout"].Source.ShouldBe(new ToolCallAnchor { ToolCallId = "call_1@2" });
    }

    [Fact]
    public void Callees_of_one_name_are_told_apart_by_numbers()
    {
        using var directory = new JoinDirectory();

        var graph = JoinDirectory.Reduce(directory.Join(Root(), Helper(name: "b", nickname: null), Helper(name: "a", nickname: null), Helper(name: "c", nickname: null)));

        graph.Threads.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value.AgentPath).ShouldBe(["/root/agent", "/root/agent_2", "/root/agent_3", "/root"]);
    }

    [Fact]
    public void A_later_call_is_a_task_given_to_the_thread_that_is_there()
    {
        using var directory = new JoinDirectory();
        var root = new ProcessBundle("caller").Start(0).ToolStart(20, "call_1").ToolEnd(50, "call_1", "One.").ToolStart(60, "call_2").ToolEnd(90, "call_2", "Two.").End(100);
        var service = new ProcessBundle("service", caller: Caller("caller")).Start(30, "turn-a").Request(31, "r-1", Ask, "One.", "turn-a")
            .Add(32, new CodexTurnEndedEvent { CodexTurnId = "turn-a", Status = ExecutionStatus.Completed }, turn: "turn-a")
            .Turn(70, "turn-b", Caller("caller", "call_2")).Request(71, "r-2", Ask, "Two.", "turn-b").End(5000, "turn-b");

        var graph = JoinDirectory.Reduce(directory.Join(root, service), strict: true);

        graph.InteractionEdges.Keys.ShouldBe(
            ["edge:spawn:caller:service", "edge:agent_result:service:turn-a:caller", "edge:tool:call_2", "edge:agent_result:service:turn-b:caller"], ignoreOrder: true);
        var task = graph.InteractionEdges["edge:tool:call_2"];
        (task.Kind, task.Source, task.Target).ShouldBe((InteractionEdgeKind.AssignAgentTask, new ToolCallAnchor { ToolCallId = "call_2" }, new ThreadAnchor { ThreadId = "service" }));
    }

    [Fact]
    public void Messages_inside_a_part_find_their_way_by_its_own_paths()
    {
        using var directory = new JoinDirectory();
        const string Scout = """{"thread_id":"scout","agent_path":"/root/scout","model":"gpt-5","session_source":{"subagent":{"thread_spawn":{"parent_thread_id":"helper","depth":1,"agent_path":"/root/scout"}}}}""";
        var helper = new ProcessBundle("helper", caller: Caller("caller")).Start(30).Thread(31, "scout", "/root/scout", Scout).Add(32, new CodexTurnStartedEvent { CodexTurnId = "turn-s", ThreadId = "scout" }, "scout", "turn-s");
        helper.Request(40, "r-1", """[{"type":"agent_message","author":"/root/scout","recipient":"/root","content":[{"type":"input_text","text":"Found it."}]}]""", "Good.");
        helper.Add(39, new AgentResultObservedEvent { EdgeId = "edge:agent_result:scout:turn-s:helper", ChildThreadId = "scout", ChildCodexTurnId = "turn-s", ParentThreadId = "helper", Message = "Found it." }, "scout", "turn-s");
        helper.End(60);

        var graph = JoinDirectory.Reduce(directory.Join(Root(), helper));

        graph.InteractionEdges["edge:agent_result:scout:turn-s:helper"].Target.ShouldBeOfType<ConversationItemAnchor>();
    }

    [Fact]
    public void A_rollout_that_was_resumed_twice_is_one_without_an_item_twice()
    {
        using var directory = new JoinDirectory();
        var first = new ProcessBundle("caller", traceId: "recording-1").Start(0).Request(10, "r-1", Ask, "One.").End(20);
        const string History = """{"type":"message","role":"user","content":[{"type":"input_text","text":"Go."}]},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"One."}]}""";
        var second = new ProcessBundle("caller", Hour, traceId: "recording-2", resumedFrom: "recording-1").Start(0, "turn-2").Request(10, "r-2", $"[{History}]", "Two.", "turn-2").End(20, "turn-2");

        // Its clock is behind.
        var third = new ProcessBundle("caller", -Hour, traceId: "recording-3", resumedFrom: "recording-2").Start(0, "turn-2").Request(10, "r-2", $$"""[{{History}},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Two."}]}]""", "Three.", "turn-2").End(20, "turn-2");

        var joined = directory.Join(third, second, first);

        var graph = JoinDirectory.Reduce(joined, strict: true);
        graph.Threads.Keys.ShouldBe(["caller"]);
        graph.Status.ShouldBe(RolloutStatus.Completed);
        graph.CodexTurns.Keys.ShouldBe(["turn-1", "turn-2", "turn-2@3"], ignoreOrder: true);
        graph.Threads["caller"].ConversationItemIds.Select(id => graph.ConversationItems[id].Body.Parts.OfType<TextPart>().Single().Text).ShouldBe(["Go.", "One.", "Two.", "Three."]);
        directory.Result.Parts.Select(part => part.ShiftMs).ShouldBe([0, 0, 2 * Hour + 20]);
        JoinDirectory.Events(joined).Count(e => e.Payload is ProtocolEventObservedEvent { EventType: Breadcrumbs.Joined }).ShouldBe(8);
    }

    [Fact]
    public void A_circle_made_by_hand_is_refused()
    {
        using var directory = new JoinDirectory();
        var one = new ProcessBundle("one", caller: Caller("two")).Start(0).ToolStart(1, "call_1").End(9);
        var two = new ProcessBundle("two", caller: Caller("one")).Start(0).ToolStart(1, "call_1").End(9);

        Should.Throw<JoinException>(() => directory.Join(one, two)).Message.ShouldBe("the rollouts have called each other in a circle: one by two by one");
        Directory.Exists(Path.Join(directory.Root, "joined-1")).ShouldBeFalse();
    }

    [Fact]
    public void A_thread_that_was_called_from_two_rollouts_is_refused()
    {
        using var directory = new JoinDirectory();
        var other = new ProcessBundle("other").Start(0).ToolStart(1, "call_1").End(9);
        var service = new ProcessBundle("service", caller: Caller("caller")).Start(30).Turn(50, "turn-2", Caller("other")).End(60);

        Should.Throw<JoinException>(() => directory.Join(Root(), other, service)).Message.ShouldBe("thread service of rollout service was called from two rollouts: caller and other");
    }

    [Fact]
    public void Of_several_trees_one_is_chosen()
    {
        using var directory = new JoinDirectory();
        string[] paths = [Root().Write(directory.Root), Helper().Write(directory.Root), new ProcessBundle("other").Start(0).End(9).Write(directory.Root)];

        Should.Throw<JoinException>(() => directory.JoinPaths(paths)).Message.ShouldStartWith("the parts are 2 trees, and one has to be chosen: caller (");
        directory.JoinPaths(paths, "recording-caller");
        directory.Result.Parts.Count.ShouldBe(2);
        directory.Result.Apart.ShouldBeEmpty();
        Should.Throw<JoinException>(() => directory.JoinPaths(paths, "nobody")).Message.ShouldBe("no part is of rollout nobody");
    }

    [Fact]
    public void Threads_of_one_id_in_two_rollouts_are_refused()
    {
        using var directory = new JoinDirectory();
        var helper = new ProcessBundle("helper", caller: Caller("caller")).Start(30).Thread(31, "caller", "/root/x", "{}").End(60);

        Should.Throw<JoinException>(() => directory.Join(Root(), helper)).Message.ShouldBe("rollouts caller and helper both have a thread caller");
    }

    [Fact]
    public void ACalleeWhoseCallerIsNotThere_IsTheRootOfWhatItHasCalled_AndThatIsSaid()
    {
        using var directory = new JoinDirectory();
        var bundle = directory.Join(
            new ProcessBundle("b", caller: new CallerReference { RolloutId = "a" }).Start(0).ToolStart(10, "c1").ToolEnd(90, "c1", "x").End(100),
            new ProcessBundle("c", caller: new CallerReference { RolloutId = "b", ThreadId = "b", ToolCallId = "c1" }).Start(20).End(80));

        directory.Result.Parts.Select(static part => part.RolloutId).ShouldBe(["b", "c"]);
        directory.Result.Apart.ShouldBeEmpty();
        directory.Result.Notes.ShouldHaveSingleItem().ShouldEndWith("recording-b (rollout b) is the root: its caller, rollout a, is not among the parts");
        JoinDirectory.Reduce(bundle).RolloutId.ShouldBe("b");
    }

    [Theory]
    [InlineData("""{"rollout_id":"nobody","tool_call_id":"call_1"}""", "its caller, rollout nobody, is not among the parts")]
    [InlineData("""{"rollout_id":"caller","tool_call_id":"call_9"}""", "its caller's tool call call_9 does not exist in rollout caller")]
    [InlineData("""{"rollout_id":"caller","thread_id":"t","tool_call_id":"call_1"}""", "its caller's ids contradict each other: tool call call_1 is of thread caller, not of t")]
    [InlineData("""{"rollout_id":"caller","thread_id":"t"}""", "its caller's thread t does not exist in rollout caller")]
    [InlineData("""{"rollout_id":7}""", "its caller's rollout_id is malformed")]
    [InlineData("""{"rollout_id":""}""", "its caller's rollout_id is malformed")]
    [InlineData("\"caller\"", "its caller is no object")]
    [InlineData("{}", "its caller names nobody")]
    [InlineData("""{"otel":{"trace_id":"../../etc","span_id":"x"}}""", "its caller's otel is malformed")]
    [InlineData("""{"rollout_id":"../../caller","thread_id":"../caller","tool_call_id":"/etc/passwd"}""", "its caller, rollout ../../caller, is not among the parts")]
    [InlineData("""{"tool_call_id":"call_1"}""", "its caller is named by a thread or a tool call without a rollout")]
    public void A_part_whose_caller_cannot_be_told_stays_apart(string caller, string reason)
    {
        using var directory = new JoinDirectory();
        var helper = Helper(caller: Caller("caller")).Write(directory.Root);
        var manifest = Path.Join(helper, "manifest.json");
        var start = File.ReadAllText(manifest);
        File.WriteAllText(manifest, string.Concat(start.AsSpan(0, start.IndexOf("\"caller\":", StringComparison.Ordinal)), "\"caller\":", caller, "}"));

        var joined = directory.JoinPaths([Root().Write(directory.Root), helper]);

        directory.Result.Apart.ShouldHaveSingleItem().Reason.ShouldBe(reason);
        directory.Result.Parts.ShouldHaveSingleItem().RolloutId.ShouldBe("caller");
        Directory.EnumerateFileSystemEntries(directory.Root).Count().ShouldBe(3);
        JoinDirectory.Reduce(joined, strict: true).Threads.Keys.ShouldBe(["caller"]);
    }

    [Fact]
    public void Two_processes_with_one_call_id_are_kept_apart_and_strict_readers_say_why()
    {
        using var directory = new JoinDirectory();
        var third = new ProcessBundle("third", caller: Caller("helper")).Start(45).End(46);
        var helper = new ProcessBundle("helper", caller: Caller("caller")).Start(30).Request(31, "r", Ask, "call:call_1").ToolStart(40, "call_1").ToolEnd(50, "call_1", "x").End(60);

        var joined = directory.Join(Root(), helper, third);

        var graph = JoinDirectory.Reduce(joined);
        graph.ToolCalls.Keys.ShouldBe(["call_1", "call_1@2"], ignoreOrder: true);
        graph.ToolCalls["call_1@2"].ModelVisibleCallId.ShouldBe("call_1");
        graph.ToolCalls["call_1@2"].ModelVisibleCallItemIds.ShouldHaveSingleItem();
        graph.ConversationItems[graph.ToolCalls["call_1@2"].ModelVisibleCallItemIds[0]].ThreadId.ShouldBe("helper");
        graph.InteractionEdges["edge:spawn:helper:third"].Source.ShouldBe(new ToolCallAnchor { ToolCallId = "call_1@2" });
        Should.Throw<ReductionException>(() => JoinDirectory.Reduce(joined, strict: true)).Message.ShouldContain("call_1");
    }

    [Fact]
    public void A_part_that_is_given_twice_counts_once_and_packed_parts_are_as_good()
    {
        using var directory = new JoinDirectory();
        var (root, helper) = (Root().Write(directory.Root), Helper().Write(directory.Root));
        var plain = JoinDirectory.Contents(directory.JoinPaths([root, helper, helper]));
        var packed = BundlePacker.Pack(helper, Path.Join(directory.Root, "helper.rollout.tar.zst"), new PackOptions()).Path;

        JoinDirectory.Contents(directory.JoinPaths([packed, root])).ShouldBe(plain);
        JoinDirectory.Contents(directory.JoinPaths([packed, Path.Join(directory.Root, "joined-1"), helper])).ShouldBe(plain);
        directory.Result.Parts.Count.ShouldBe(2);
    }

    [Fact]
    public void Lines_that_cannot_be_read_are_kept_and_named()
    {
        using var directory = new JoinDirectory();
        var (root, helper) = (Root().Write(directory.Root), Helper().Write(directory.Root));
        File.AppendAllText(Path.Join(helper, "trace.jsonl"), "{\"schema_version\":1,\"seq\":99,\"wall");

        var joined = directory.JoinPaths([root, helper]);

        directory.Result.Notes.ShouldHaveSingleItem().ShouldEndWith("1 of its lines could not be read, and are kept as breadcrumbs");
        var kept = (ProtocolEventObservedEvent)JoinDirectory.Events(joined).Single(e => e.Payload is ProtocolEventObservedEvent { EventType: Breadcrumbs.UnreadableLine }).Payload;
        File.ReadAllText(Path.Join(joined, kept.EventPayload.Path)).ShouldContain("\"text\":\"{\\\"schema_version\\\":1,\\\"seq\\\":99,\\\"wall\"");
        JoinDirectory.Contents(directory.JoinPaths([joined])).ShouldBe(JoinDirectory.Contents(joined));
    }

    [Fact]
    public void A_thousand_callees_that_all_ended_within_one_call_are_each_waited_for_once()
    {
        // ROLLOUT_TRACE_JOINED_CALLEES has more of them, to see by hand that time and memory grow with their number and no faster.
        var count = int.TryParse(Environment.GetEnvironmentVariable("ROLLOUT_TRACE_JOINED_CALLEES"), out var given) ? given : 1000;
        using var directory = new JoinDirectory();
        var paths = Enumerable.Range(0, count).Select(i => new ProcessBundle($"helper-{i:D7}", caller: Caller("caller")).Start(30 + (i % 40)).Request(71, "r", Ask, "Done.").End(72).Write(directory.Root)).ToList();
        var root = new ProcessBundle("caller").Start(0).ToolStart(20, "call_1").ToolEnd(100, "call_1", "Done.").End(120).Write(directory.Root);
        var clock = System.Diagnostics.Stopwatch.StartNew();

        var joined = directory.JoinPaths([.. paths, root]);

        Console.WriteLine($"{count} callees joined in {clock.Elapsed.TotalSeconds:F1} s, {System.Diagnostics.Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB at most");
        directory.Result.Parts.Count.ShouldBe(count + 1);
        var events = JoinDirectory.Events(joined);
        var ended = events.ToList().FindIndex(e => e.Payload is ToolCallEndedEvent);
        events.Index().Where(entry => entry.Item.Part != "recording-caller").Max(entry => entry.Index).ShouldBeLessThan(ended);
    }

    [Fact]
    public void A_thousand_bundles_of_one_caller_are_joined_in_a_moment()
    {
        using var directory = new JoinDirectory();
        var paths = Enumerable.Range(0, 1000).Select(i => new ProcessBundle($"helper-{i:D4}", caller: Caller("caller")).Add(30, new RolloutStartedEvent { TraceId = "x", RootThreadId = $"helper-{i:D4}" }).Write(directory.Root)).ToList();

        directory.JoinPaths([.. paths, Root().Write(directory.Root)]);

        directory.Result.Parts.Count.ShouldBe(1001);
        directory.Result.Events.ShouldBe(1000 + 12);
    }
}

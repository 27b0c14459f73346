using System.Diagnostics;
using RolloutTrace.Analysis;
using RolloutTrace.Bundle;
using RolloutTrace.GenAI.Tests.Support;
using static RolloutTrace.GenAI.Tests.Support.Run;
using static RolloutTrace.GenAI.Tests.Support.SpanText;

namespace RolloutTrace.GenAI.Tests.Mapping;

/// <summary>Calls of tools, and what asked for them.</summary>
public sealed class ToolTests
{
    [Theory]
    [InlineData("""[{"role":"tool","content":{"role":"tool","content":"{\"city\": \"Oslo\"}","id":"c1"}}]""", """[{"role":"assistant","content":{"message":"[{\"text\": \"rain\"}]","id":"c1"}}]""")]
    [InlineData("""[{"role":"user","content":"{'city': 'Oslo'}"}]""", """[{"role":"assistant","content":"{\"content\": \"rain\", \"tool_call_id\": \"c1\"}"}]""")]
    [InlineData("""[{"role":"user","content":"{\"city\": \"Oslo\"}"}]""", """[{"role":"assistant","content":"rain"}]""")]
    public void What_a_tool_is_called_with_and_gives_may_be_messages_of_nobodys_call(string given, string gave)
    {
        using var bundles = new MappedBundles(
        [
            Span("agent", null, 0, 40, AgentTags("helper")),
            Span("one", "agent", 1, 10, ChatTags(["user: weather?"], ["""call c1 weather {"city":"Oslo"}"""])),
            Span("tool", "agent", 11, 20, ("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", "weather"), ("gen_ai.tool.call.id", "c1"), ("gen_ai.input.messages", given), ("gen_ai.output.messages", gave)),
        ]);

        bundles.Files.Values.ShouldContain(text => text.Contains("\"tool_name\":\"weather\"", StringComparison.Ordinal) && text.Contains("Oslo", StringComparison.Ordinal) && text.Contains("\"arguments\":\"{", StringComparison.Ordinal));
        bundles.Files.Values.ShouldContain(text => text.Contains("\"type\":\"direct_response\"", StringComparison.Ordinal) && text.Contains("\"output\":\"rain\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, null, "tool_calls", 1)]
    [InlineData(null, null, "N/A", 1)]
    [InlineData(null, null, "stop", 4)]
    [InlineData("web", "web", "tool_calls", 1)]
    [InlineData("web", "web", "N/A", 1)]
    [InlineData("web", "web2", "N/A", 3)]
    public void Without_content_a_call_is_of_the_thread_that_may_have_asked_for_it_and_so_is_the_request_behind(string? askedIn, string? runsIn, string reason, int rollouts)
    {
        (string, object?)[] chat = [("gen_ai.operation.name", "chat"), ("gen_ai.request.model", "gpt-5")];
        (string, object?)[] tool = [("gen_ai.operation.name", "execute_tool"), ("gen_ai.tool.name", "look")];
        using var bundles = new MappedBundles(
        [
            .. Works("web"),
            .. Works("web2"),
            In(Span("one", askedIn is null ? null : "works", 1, 10, [.. chat, ("gen_ai.response.finish_reasons", new[] { reason })]), askedIn ?? "first"),
            In(Span("look", runsIn is null ? null : "works", 11, 20, tool), runsIn ?? "second"),
            In(Span("look2", runsIn is null ? null : "works", 12, 21, tool), runsIn ?? "third"),
            In(Span("two", askedIn is null ? null : "works", 30, 40, [.. chat, ("gen_ai.response.finish_reasons", new[] { "stop" })]), askedIn ?? "fourth"),
        ]);

        bundles.Directories.Count.ShouldBe(rollouts + (runsIn == "web2" ? 1 : 0));
        if (rollouts == 1)
        {
            bundles.Story.Split('\n').Count(static line => line.StartsWith("  turn", StringComparison.Ordinal)).ShouldBe(2);
        }

        static ForeignSpan[] Works(string trace) => [Span("works", null, 0, 100, ("http.route", "/chat")).InTrace(trace)];

        static ForeignSpan In(ForeignSpan span, string trace) => span.ParentSpanId is null ? span.InTrace(trace) : span.Below(trace);
    }

    [Fact]
    public void A_call_without_an_id_is_the_latest_of_its_name_and_arguments_that_nobody_has_carried_out()
    {
        using var bundles = new MappedBundles(
        [
            Span("a", null, 0, 100, AgentTags("planner")),
            Span("a1", "a", 1, 9, ChatTags(["user: hi"], ["call call-1 shop-find {\"n\":1}", "call call-2 shop-find {\"n\":2}"])),
            Span("t2", "a", 10, 20, ToolTags("find", null, """{"n":"2"}""", "two")),
            Span("t1", "a", 21, 30, ToolTags("find", null, """{"n":"1"}""", "one")),
            Span("a2", "a", 40, 50, ChatTags(["user: hi", "call call-1 shop-find {\"n\":1}", "call call-2 shop-find {\"n\":2}", "gave call-1 one", "gave call-2 two"], ["assistant: done"])),
        ]);

        var story = bundles.Story;
        story.ShouldContain("tool find Completed call-2 asked by a request, call items 1, outputs 1");
        story.ShouldContain("tool find Completed call-1 asked by a request, call items 1, outputs 1");
        bundles.Files.Values.Count(text => text.Contains("\"matched_by\":\"name and arguments\"", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Theory]
    [InlineData("Home_light", "light", null, """{"on":true}""", "Lights", false)]
    [InlineData("Home_light", "light", null, null, "Lights", false)]
    [InlineData("Home_light", "light", null, null, "Shines", true)]
    [InlineData("Home_light", "light", null, """{"on":false}""", "Lights", true)]
    [InlineData("Home_light", "light", "call-2", """{"on":true}""", "Lights", true)]
    [InlineData("Home_light", "lamp", null, """{"on":true}""", "Lights", true)]
    [InlineData("light", "light", null, """{"on":true}""", "Lights", true)]
    public void A_kernels_function_inside_the_call_that_runs_it_is_that_call_and_any_other_one_is_its_own(string outer, string inner, string? callId, string? arguments, string description, bool isOther)
    {
        using var bundles = new MappedBundles(
        [
            Span("a", null, 0, 100, AgentTags("planner")),
            Span("a1", "a", 1, 9, ChatTags(["user: hi"], [$"call call-1 {outer} {{\"on\":true}}"])),
            Span("t1", "a", 10, 30, ToolTags(outer, "call-1", """{"on":true}""", "on", ("gen_ai.tool.description", "Lights"))),
            Span("t2", "t1", 11, 29, [.. ToolTags(inner, callId, arguments!, "on").Where(static tag => tag.Value is not null), ("gen_ai.tool.description", description)]),
            Span("sub", "t2", 12, 20, AgentTags("lamp")),
            Span("sub1", "sub", 13, 19, ChatTags(["user: which?"], ["assistant: that"])),
            Span("a2", "a", 40, 50, ChatTags(["user: hi", $"call call-1 {outer} {{\"on\":true}}", "gave call-1 on"], ["assistant: done"])),
        ]);

        var rollout = OpenRollout.Open(BundleReader.Open(bundles.Directories.Single()));
        rollout.Graph.ToolCalls.Count.ShouldBe(isOther ? 2 : 1);
        rollout.Graph.ToolCalls["call-1"].Execution.Status.ShouldBe(ExecutionStatus.Completed);

        // What is asked inside is asked by the call that stands for it.
        var spawner = rollout.Index.SpawnerOf(rollout.Graph.Threads.Values.Single(static thread => thread.AgentPath == "/root/lamp"))!;
        (spawner.ToolCallId != "call-1").ShouldBe(isOther);
    }

    [Theory]
    [InlineData("handoff_to_1", null, true)]
    [InlineData("handoff_to_1", "failed", false)]
    [InlineData("transfer_to_account", null, false)]
    public void A_call_that_hands_over_is_carried_out_where_no_workflow_is_told_and_any_other_one_may_be_later(string tool, string? error, bool isRecorded)
    {
        using var bundles = new MappedBundles(
        [
            Span("a", null, 0, 20, AgentTags("front", error is null ? [] : [("error.type", error)])),
            Span("a1", "a", 1, 9, ChatTags(["user: my bill"], [$"call call-1 {tool} {{}}"])),
            Span("b", null, 30, 50, AgentTags("bills")),
            Span("b1", "b", 31, 40, ChatTags(["user: my bill", "user: I hand over"], ["assistant: done"])),
        ]);

        var rollout = OpenRollout.Open(BundleReader.Open(bundles.Directories[0]));
        rollout.Graph.ToolCalls.Values.Select(static call => (call.ToolCallId, call.Execution.Status)).ShouldBe(isRecorded ? [("call-1", ExecutionStatus.Completed)] : []);
        RolloutAnomalies.Find(rollout).Count(static found => found.Code == AnomalyCodes.CallWithoutOutput).ShouldBe(isRecorded || error is not null ? 0 : 1);
    }

    [Theory]
    [InlineData("""{"args":["north",3],"kwargs":{}}""", true)]
    [InlineData("""{"args":["north"],"kwargs":{"n":3}}""", true)]
    [InlineData("""{"args":["south",3],"kwargs":{}}""", false)]
    [InlineData("""{"args":["north"],"kwargs":{}}""", false)]
    public void Arguments_may_be_told_by_their_places(string arguments, bool isIt)
    {
        using var bundles = new MappedBundles(
        [
            Span("agent", null, 0, 100, AgentTags("helper")),
            Span("chat", "agent", 1, 10, ChatTags(["user: hi"], ["call c1 look {\"bed\":\"north\",\"n\":3}"])),
            Span("look.tool", "agent", 11, 20, ("traceloop.span.kind", "tool"), ("traceloop.entity.name", "look"), ("traceloop.entity.input", arguments), ("traceloop.entity.output", "dry")),
        ]);

        bundles.Story.ShouldContain("tool look Completed c1");
        bundles.Files.Values.Count(text => text.Contains(isIt ? "\"matched_by\":\"name and arguments\"" : "\"matched_by\":\"name\"", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory]
    [InlineData(1, null, true)]
    [InlineData(2, null, false)]
    [InlineData(1, "call-2", false)]
    public void A_call_whose_arguments_a_program_has_changed_is_the_only_one_that_is_waited_for_or_nobodys(int conversations, string? id, bool isIt)
    {
        using var bundles = new MappedBundles(
        [
            .. Enumerable.Range(1, conversations).Select(number => Span($"a{number}", null, number, number + 5, ChatTags([$"user: {number}?"], ["call call-1 find {\"n\":1}"])).InTrace($"asked {number}")),
            Span("t", null, 10, 20, ToolTags("find", id, """{"n":7}""", "seven")).InTrace("called"),
        ]);

        bundles.Directories.Count.ShouldBe(isIt ? 1 : conversations + 1);
        bundles.Files.Values.Count(static text => text.Contains("\"matched_by\":\"name\"", StringComparison.Ordinal)).ShouldBe(isIt ? 1 : 0);
    }

    [Fact]
    public void A_call_that_stands_in_the_next_request_with_other_arguments_is_the_same_call()
    {
        using var bundles = new MappedBundles(
        [
            Span("a1", null, 1, 9, ChatTags(["user: hi"], ["call call-1 find {\"n\":1}"])).InTrace("first"),
            Span("a2", null, 40, 50, ChatTags(["user: hi", "call call-1 find {\"n\":7}", "gave call-1 seven"], ["assistant: done"])).InTrace("second"),
        ]);

        OpenRollout.Open(BundleReader.Open(bundles.Directories.ShouldHaveSingleItem())).Graph.InferenceCalls.Count.ShouldBe(2);
    }

    [Fact]
    public void Calls_that_are_the_same_and_have_neither_ids_nor_spans_around_them_are_one_after_the_other()
    {
        string[] calls = ["call call-1 find {\"n\":1}", "call call-2 find {\"n\":1}"];
        using var bundles = new MappedBundles(
        [
            Span("a1", null, 1, 9, ChatTags(["user: hi"], calls)),
            Span("t1", null, 10, 20, ToolTags("find", null, """{"n":1}""", "one")).InTrace("second"),
            Span("t2", null, 21, 30, ToolTags("find", null, """{"n":1}""", "two")).InTrace("third"),
            Span("a2", null, 40, 50, ChatTags(["user: hi", .. calls, "gave call-1 one", "gave call-2 two"], ["assistant: done"])).InTrace("fourth"),
        ]);

        var tools = OpenRollout.Open(BundleReader.Open(bundles.Directories.Single())).Graph.ToolCalls.Values.OrderBy(tool => tool.Execution.StartedSeq).ToList();
        tools.Select(tool => tool.ModelVisibleCallId).ShouldBe(["call-1", "call-2"]);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("call-1", true)]
    [InlineData(null, false)]
    public void Of_many_conversations_at_once_that_are_the_same_so_far_each_has_the_calls_and_the_requests_beside_its_own(string? id, bool isTraceEach)
    {
        const int Many = 66;
        ForeignSpan One(int number, ForeignSpan span) => span with
        {
            TraceId = isTraceEach ? Id($"trace {number}").PadLeft(32, '0') : span.TraceId,
            SpanId = Id($"{number} {span.SpanId}"),
            ParentSpanId = span.ParentSpanId is { } parent ? Id($"{number} {parent}") : null,
        };
        using var bundles = new MappedBundles([.. Enumerable.Range(0, Many).SelectMany(number => new[]
        {
            Span("POST", null, 0, 100, ("url.path", "/ask")),
            Span("a1", "POST", 1, 9, ChatTags(["user: What time?"], ["call call-1 now {}"])),
            Span("t1", "POST", 10, 20, ToolTags("now", id, "{}", $"gave {number}.")),
            Span("a2", "POST", 40, 50, ChatTags(["user: What time?", "call call-1 now {}", $"gave call-1 gave {number}."], [$"assistant: {number}."])),
        }.Select(span => One(number, span)))]);

        bundles.Directories.Count.ShouldBe(Many);
        foreach (var directory in bundles.Directories)
        {
            var payloads = Directory.EnumerateFiles(Path.Join(directory, "payloads")).Select(File.ReadAllText).ToList();
            payloads.Count(static text => text.Contains("gen_ai.tool.call.result", StringComparison.Ordinal)).ShouldBe(1);
            payloads.Count(static text => text.Contains("\"input\":[{", StringComparison.Ordinal)).ShouldBe(2);
            payloads.SelectMany(static text => text.Split(["gave ", "\"text\":\""], StringSplitOptions.None).Skip(1).Select(static part => part.Split('.', '"')[0]))
                .Where(static word => char.IsAsciiDigit(word[0])).Distinct().ShouldHaveSingleItem();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_call_to_an_MCP_server_is_how_the_tool_was_carried_out(bool hasSpanOfItsOwn)
    {
        (string, object?)[] mcp = [("mcp.method.name", "tools/call"), ("mcp.session.id", "s"), ("server.address", "station.example"), ("server.port", 8080)];
        using var bundles = new MappedBundles(
        [
            Span("a", null, 0, 100, AgentTags("planner")),
            Span("a1", "a", 1, 9, ChatTags(["user: hi"], ["call call-1 find {\"n\":1}"])),
            Span("t1", "a", 10, 30, ToolTags("find", "call-1", """{"n":1}""", "one", more: hasSpanOfItsOwn ? [] : mcp)),
            .. hasSpanOfItsOwn ? [Span("m1", "t1", 12, 28, [.. ToolTags("find", null, result: null), .. mcp]) with { Kind = ActivityKind.Client }] : Array.Empty<ForeignSpan>(),
            Span("s1", hasSpanOfItsOwn ? "m1" : "t1", 14, 26, [.. ToolTags("find", null, result: null), .. mcp]) with { Kind = ActivityKind.Server },
            Span("a2", "a", 40, 50, ChatTags(["user: hi", "call call-1 find {\"n\":1}", "gave call-1 one"], ["assistant: done"])),
        ]);

        var rollout = OpenRollout.Open(BundleReader.Open(bundles.Directories.Single()));
        var tool = rollout.Graph.ToolCalls.Values.Single();
        tool.McpCallId.ShouldBe($"{Id("trace").PadLeft(32, '0')}-{Id(hasSpanOfItsOwn ? "m1" : "t1")}");
        tool.RawRuntimePayloadIds.Count.ShouldBe(2);
        bundles.Files.Values.ShouldContain(text => text.Contains(
            "\"invocation\":{\"server\":\"station.example:8080\",\"tool\":\"find\",\"arguments\":{\"n\":1}},\"duration\":{\"secs\":0,\"nanos\":20000000},\"result\":{\"Ok\":{\"content\":[{\"type\":\"text\",\"text\":\"one\"}]}}",
            StringComparison.Ordinal));
        bundles.Story.ShouldNotContain("DIAGNOSTIC");
        bundles.Story.ShouldNotContain("ANOMALY");
    }

    [Fact]
    public void Ids_that_start_again_in_each_response_are_calls_of_their_own()
    {
        using var bundles = new MappedBundles(
        [
            Span("a", null, 0, 100, AgentTags("planner")),
            Span("a1", "a", 1, 9, ChatTags(["user: hi"], ["call call_0 find {\"n\":1}"], "r-1")),
            Span("t1", "a", 10, 20, ToolTags("find", "call_0", """{"n":1}""", "one")),
            Span("a2", "a", 21, 30, ChatTags(["user: hi", "call call_0 find {\"n\":1}", "gave call_0 one"], ["call call_0 find {\"n\":2}"], "r-2")),
            Span("t2", "a", 31, 40, ToolTags("find", "call_0", """{"n":2}""", "two")),
            Span("a3", "a", 41, 50, ChatTags(["user: hi", "call call_0 find {\"n\":1}", "gave call_0 one", "call call_0 find {\"n\":2}", "gave call_0 two"], ["assistant: done"], "r-3")),
        ]);

        var story = bundles.Story;
        story.ShouldContain("tool find Completed call_0 asked by r-1, call items 1, outputs 1");
        story.ShouldContain("asked by r-2, call items 1, outputs 1");
    }

    [Fact]
    public void A_tool_that_failed_without_a_result_has_what_the_model_got_from_the_next_request()
    {
        using var bundles = new MappedBundles(
        [
            Span("a", null, 0, 100, AgentTags("planner")),
            Span("a1", "a", 1, 9, ChatTags(["user: hi"], ["call call-1 boom {}"], "r-1")),
            Span("t1", "a", 10, 20, ToolTags("boom", "call-1", result: "null", more: ("error.type", "E"))) with { Status = ActivityStatusCode.Error, StatusDescription = "broke" },
            Span("a2", "a", 21, 30, ChatTags(["user: hi", "call call-1 boom {}", "gave call-1 Error: Function failed."], ["assistant: sorry"], "r-2")),
        ]);

        bundles.Story.ShouldContain("tool boom Failed call-1 asked by r-1, call items 1, outputs 1");
        bundles.Files.Values.ShouldContain(text => text.Contains("""{"type":"error","error":"broke",""", StringComparison.Ordinal));
    }

    [Fact]
    public void A_request_inside_a_tool_is_a_thread_that_the_call_brought_about()
    {
        using var bundles = new MappedBundles(
        [
            Span("a", null, 0, 100, AgentTags("planner")),
            Span("a1", "a", 1, 9, ChatTags(["user: hi"], ["call call-1 translate {}"], "r-1")),
            Span("t", "a", 10, 50, ToolTags("translate", "call-1", result: "salut")),
            Span("inner", "t", 11, 49, ChatTags(["user: translate hi"], ["assistant: salut"], "r-2")),
            Span("a2", "a", 60, 90, ChatTags(["user: hi", "call call-1 translate {}", "gave call-1 salut"], ["assistant: done"], "r-3")),
        ]);

        var story = bundles.Story;
        story.ShouldContain("/root/translate  Completed by translate");
        story.Split('\n').Where(line => line.StartsWith("ANOMALY", StringComparison.Ordinal)).ShouldBeEmpty();
        story.ShouldNotContain("STRICT");
    }

    [Fact]
    public void What_a_tool_has_set_going_gives_it_nothing_once_it_has_ended()
    {
        using var bundles = new MappedBundles(
        [
            Span("a", null, 0, 100, AgentTags("planner")),
            Span("a1", "a", 1, 9, ChatTags(["user: hi"], ["call call-1 later {}"], "r-1")),
            Span("t", "a", 10, 20, ToolTags("later", "call-1", result: "started")),
            Span("in", "t", 11, 49, ChatTags(["user: work"], ["assistant: working"], "r-2")),
            Span("behind", "t", 50, 59, ChatTags(["user: work", "assistant: working", "user: more"], ["assistant: worked"], "r-3")),
            Span("a2", "a", 60, 90, ChatTags(["user: hi", "call call-1 later {}", "gave call-1 started"], ["assistant: done"], "r-4")),
        ]);

        var story = bundles.Story;
        story.ShouldContain("/root/later  Completed by later");
        story.ShouldContain("edge SpawnAgent");
        story.ShouldNotContain("edge AgentResult");
    }

    [Fact]
    public void Several_agents_that_one_call_asks_give_it_their_answers()
    {
        using var bundles = new MappedBundles(
        [
            Span("a", null, 0, 100, AgentTags("planner")),
            Span("a1", "a", 1, 9, ChatTags(["user: hi"], ["call call-1 ask {}"], "r-1")),
            Span("t", "a", 10, 50, ToolTags("ask", "call-1", result: "both")),
            Span("in1", "t", 11, 19, ChatTags(["user: one"], ["assistant: first"], "r-2")),
            Span("in2", "t", 20, 29, ChatTags(["user: two"], ["assistant: second"], "r-3")),
            Span("a2", "a", 60, 90, ChatTags(["user: hi", "call call-1 ask {}", "gave call-1 both"], ["assistant: done"], "r-4")),
        ]);

        var graph = RolloutTrace.Reducer.RolloutReducer.Reduce(RolloutTrace.Bundle.BundleReader.Open(bundles.Directories.ShouldHaveSingleItem())).Graph;
        graph.InteractionEdges.Values.Count(edge => edge.Kind == RolloutTrace.Reducer.InteractionEdgeKind.AgentResult).ShouldBe(2);
        RolloutTrace.Analysis.RolloutInvariants.Check(graph).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("write_stdin", """{"no":"session"}""")]
    [InlineData("wait", """{"for":"godot"}""")]
    [InlineData("spawn_agent", "{}")]
    [InlineData("exec_command", """{"cmd":"ls"}""")]
    public void Tools_with_names_that_readers_take_apart_do_not_cost_the_rollout(string name, string arguments)
    {
        using var bundles = new MappedBundles(
        [
            Span("a", null, 0, 100, AgentTags("planner")),
            Span("a1", "a", 1, 9, ChatTags(["user: hi"], [$"call call-1 {name} {arguments}"], "r-1")),
            Span("t", "a", 10, 50, ToolTags(name, "call-1", arguments)),
        ]);

        var story = bundles.Story;
        story.ShouldContain("Completed call-1 asked by r-1, call items 1, outputs 0");
        story.ShouldNotContain("STRICT");
        story.ShouldNotContain("DIAGNOSTIC");
    }
}

using System.Diagnostics;
using RolloutTrace.Bundle;

namespace RolloutTrace.Tests;

/// <summary>What travels from a caller to another process, and what that writes of it.</summary>
public sealed class RolloutCallerTests
{
    private static readonly ActivityContext Elsewhere = new(
        ActivityTraceId.CreateFromString("0af7651916cd43dd8448eb211c80319c"), ActivitySpanId.CreateFromString("b7ad6b7169203331"), ActivityTraceFlags.Recorded, "vendor=1", isRemote: true);

    [Fact]
    public void Extract_reads_what_Inject_writes()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        using var tool = turn.StartToolCall(new() { Name = "ask", ToolCallId = "tool-1" });
        var message = new Dictionary<string, string>();

        tool.Inject(message, static (fields, name, value) => fields.Add(name, value), withIds: true);
        var caller = RolloutCaller.Extract(message, static (fields, name) => fields.GetValueOrDefault(name)).ShouldNotBeNull();

        caller.Context.SpanId.ShouldBe(tool.Activity!.SpanId);
        caller.Context.TraceId.ShouldBe(tool.Activity.TraceId);
        (caller.RolloutId, caller.ThreadId, caller.ToolCallId).ShouldBe(("root", "root", "tool-1"));
    }

    [Fact]
    public void Ids_go_along_only_where_that_is_asked_for()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        using var tool = turn.StartToolCall(new() { Name = "ask", ToolCallId = "tool-1" });
        var message = new Dictionary<string, string>();

        tool.Inject(message, static (fields, name, value) => fields.Add(name, value));
        var caller = RolloutCaller.Extract(message, static (fields, name) => fields.GetValueOrDefault(name)).ShouldNotBeNull();

        message.Keys.ShouldNotContain("baggage");
        caller.RolloutId.ShouldBeNull();
        caller.Context.SpanId.ShouldBe(tool.Activity!.SpanId);
    }

    [Fact]
    public void A_runtime_passes_its_own_span_and_its_tools_call()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        using var tool = turn.StartToolCall(new() { Name = "exec_command", ToolCallId = "tool-1" });
        using var command = tool.StartCommand(["helper"], "/w");
        var process = new ProcessStartInfo("helper") { Environment = { ["BAGGAGE"] = "user=ada", ["TRACESTATE"] = "old=1" } };

        command.PassTo(process);

        process.Environment["TRACEPARENT"].ShouldBe(command.Activity!.Id);
        process.Environment.ContainsKey("TRACESTATE").ShouldBeFalse();
        process.Environment["BAGGAGE"].ShouldBe("user=ada,rollout.caller=root/root/tool-1");
    }

    [Fact]
    public void Nobody_is_passed_on_where_nobody_listens_or_the_shell_starts_the_process()
    {
        var process = new ProcessStartInfo("helper");
        var shell = new ProcessStartInfo("helper") { UseShellExecute = true };
        process.Environment.Remove("TRACEPARENT");
        shell.Environment.Remove("TRACEPARENT");

        ToolCall.Disabled.PassTo(process);
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        turn.StartToolCall(new() { Name = "ask" }).PassTo(shell);
        turn.PassTo(null!);

        process.Environment.ContainsKey("TRACEPARENT").ShouldBeFalse();
        shell.Environment.ContainsKey("TRACEPARENT").ShouldBeFalse();
    }

    [Theory]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", null, true)]
    [InlineData(null, "rollout.caller=a/b/c", true)]
    [InlineData("anything", "user=ada", false)]
    [InlineData(null, null, false)]
    public void A_carrier_names_somebody_by_a_span_or_by_ids(string? traceParent, string? baggage, bool names)
    {
        var fields = new Dictionary<string, string?> { ["traceparent"] = traceParent, ["baggage"] = baggage };

        (RolloutCaller.Extract(fields, static (all, name) => all.GetValueOrDefault(name)) is not null).ShouldBe(names);
    }

    [Fact]
    public void A_session_with_a_caller_is_in_the_callers_trace_and_says_who_it_is()
    {
        using var traced = new TracedRollout();
        using var session = RolloutTracing.StartSession(traced.Source, new() { ThreadId = "root", Caller = new RolloutCaller(Elsewhere, "rollout-0", "thread-0", "tool-0") });
        using var first = session.StartTurn();
        using var second = session.StartTurn();

        session.Activity!.TraceId.ShouldBe(Elsewhere.TraceId);
        session.Activity.ParentSpanId.ShouldBe(default);
        session.Activity.Links.First().Context.SpanId.ShouldBe(Elsewhere.SpanId);
        first.Activity!.ParentSpanId.ShouldBe(Elsewhere.SpanId);
        second.Activity!.ParentSpanId.ShouldBe(default);
        second.Activity.TraceId.ShouldBe(Elsewhere.TraceId);
        traced.Recording.PayloadOf<ThreadStartedEvent>().GetProperty("caller").GetRawText().ShouldBe(
            """{"rollout_id":"rollout-0","thread_id":"thread-0","tool_call_id":"tool-0","otel":{"trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331"}}""");
        traced.Recording.Events<CodexTurnStartedEvent>().ShouldAllBe(started => started.Caller == null);
    }

    [Fact]
    public void A_session_below_a_remote_parent_has_that_for_its_caller_and_takes_the_ids_from_its_baggage()
    {
        using var traced = new TracedRollout();
        using var server = Server(Elsewhere);
        server.SetBaggage("rollout.caller", "rollout-0/thread-0/tool-0");
        using var session = RolloutTracing.StartSession(traced.Source, new() { ThreadId = "root" });
        using var turn = session.StartTurn();

        session.Rollout.Caller.ShouldBe(new CallerReference
        {
            RolloutId = "rollout-0",
            ThreadId = "thread-0",
            ToolCallId = "tool-0",
            Otel = new SpanReference { TraceId = "0af7651916cd43dd8448eb211c80319c", SpanId = "b7ad6b7169203331" },
        });
        turn.Activity!.ParentSpanId.ShouldBe(server.SpanId);
        server.GetBaggageItem("rollout.caller").ShouldBeNull();
        traced.Recording.Single<CodexTurnStartedEvent>().Caller.ShouldBeNull();
    }

    [Fact]
    public void Each_later_turn_below_a_remote_parent_says_who_called_it()
    {
        using var traced = new TracedRollout();
        using var session = RolloutTracing.StartSession(traced.Source, new() { ThreadId = "root" });
        using (Server(Elsewhere))
        {
            session.StartTurn(new() { TurnId = "turn-1" }).Complete();
        }

        session.StartTurn(new() { TurnId = "turn-2" }).Complete();
        session.StartTurn(new() { TurnId = "turn-3", Caller = new RolloutCaller(Elsewhere, "rollout-0", "thread-0") }).Complete();
        using (Server(Elsewhere))
        {
            session.SpawnAgent("helper").StartTurn(new() { TurnId = "turn-4" }).Complete();
        }

        session.Rollout.Caller.ShouldBeNull();
        traced.Recording.Events<CodexTurnStartedEvent>().Select(started => (started.CodexTurnId, started.Caller?.RolloutId, started.Caller?.Otel?.SpanId)).ShouldBe(
            [("turn-1", null, "b7ad6b7169203331"), ("turn-2", null, null), ("turn-3", "rollout-0", "b7ad6b7169203331"), ("turn-4", null, null)]);
        traced.Spans.Single(span => span.Links.Any() && span.TagObjects.Any(tag => Equals(tag.Value, "turn-3")) && span.OperationName.StartsWith("invoke", StringComparison.Ordinal)).ParentSpanId.ShouldBe(Elsewhere.SpanId);
    }

    [Fact]
    public void What_begins_in_this_process_calls_nobody()
    {
        using var traced = new TracedRollout();
        using var own = new Activity("main").Start();
        using var session = RolloutTracing.StartSession(traced.Source, new() { ThreadId = "root" });

        session.Rollout.Caller.ShouldBeNull();
    }

    [Fact]
    public void Spans_that_leave_the_process_below_a_tool_are_noted_once_and_not_where_ids_travel_along()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        using var tool = turn.StartToolCall(new() { Name = "ask", ToolCallId = "tool-1" });
        using var sent = new ActivitySource("Sender.Of.RolloutCallerTests");
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => ReferenceEquals(source, sent),
            Sample = static (ref _) => ActivitySamplingResult.AllData,
            ActivityStarted = static span =>
            {
                RolloutBoundary.NoteOutgoing(span);
                RolloutBoundary.NoteOutgoing(span);
            },
        };
        ActivitySource.AddActivityListener(listener);

        using var client = sent.StartActivity("POST", ActivityKind.Client);
        sent.StartActivity("inside", ActivityKind.Internal)!.Dispose();
        using (var withIds = sent.CreateActivity("POST", ActivityKind.Client)!.SetBaggage("rollout.caller", "a/b/c"))
        {
            withIds.Start();
        }

        traced.Recording.PayloadOf<ProtocolEventObservedEvent>().GetRawText().ShouldBe(
            $$$"""{"tool_call_id":"tool-1","otel":{"trace_id":"{{{client!.TraceId}}}","span_id":"{{{client.SpanId}}}"}}""");
        traced.Recording.Single<ProtocolEventObservedEvent>().EventType.ShouldBe("rollout.outgoing");
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, "root/root/tool-1")]
    public void Spans_of_tools_have_the_ids_in_their_baggage_where_that_is_asked_for(bool sends, string? expected)
    {
        using var traced = new TracedRollout();
        using var session = RolloutTracing.StartSession(traced.Source, new() { ThreadId = "root", SendCaller = sends });
        using var turn = session.StartTurn();
        using var tool = turn.StartToolCall(new() { Name = "ask", ToolCallId = "tool-1" });
        using var work = tool.StartWork("http");

        tool.Activity!.GetBaggageItem("rollout.caller").ShouldBe(expected);
        work.Activity!.GetBaggageItem("rollout.caller").ShouldBe(expected);
        turn.Activity!.GetBaggageItem("rollout.caller").ShouldBeNull();
    }

    private static Activity Server(ActivityContext parent)
    {
        var server = new Activity("request");
        server.SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags);
        return server.Start();
    }
}

using System.Diagnostics;

namespace RolloutTrace.Tests;

/// <summary>A turn that another agent's tool call brought about hangs below that call.</summary>
public sealed class TurnCauseTests
{
    private static readonly JsonPayload Request = JsonPayload.OfJson("""{"input":[]}""");

    [Fact]
    public void The_first_turn_of_a_helper_is_a_child_of_the_call_that_spawned_it()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        using var spawn = turn.StartToolCall(new() { Name = "spawn_agent" });
        var child = turn.Session.SpawnAgent("worker", spawn);
        spawn.Complete();

        var first = child.StartTurn();
        first.Complete();
        var second = child.StartTurn();

        first.Activity!.ParentSpanId.ShouldBe(spawn.Activity!.SpanId);
        first.Activity.TraceId.ShouldBe(spawn.Activity.TraceId);
        first.Activity.Links.First().Context.SpanId.ShouldBe(child.Activity!.SpanId);
        second.Activity!.ParentSpanId.ShouldBe(default);
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public void A_task_and_else_a_message_brings_about_the_next_turn(bool isTold, bool isGiven)
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        var child = turn.Session.SpawnAgent("worker");
        child.StartTurn().Complete();
        using var send = turn.StartToolCall(new() { Name = "send_message" });
        using var assign = turn.StartToolCall(new() { Name = "followup_task" });
        if (isTold)
        {
            send.MessageSent(child);
        }

        if (isGiven)
        {
            assign.TaskAssigned(child);
        }

        var next = child.StartTurn();

        next.Activity!.ParentSpanId.ShouldBe((isGiven ? assign : send).Activity!.SpanId);
        next.StartModelRequest("m", Request).Activity!.Links.Count().ShouldBe((isTold ? 1 : 0) + (isGiven ? 1 : 0));
    }

    [Fact]
    public void What_a_running_turn_has_carried_brings_about_no_turn()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        var child = turn.Session.SpawnAgent("worker");
        var running = child.StartTurn();
        using var send = turn.StartToolCall(new() { Name = "send_message" });
        send.MessageSent(child);
        running.StartModelRequest("m", Request).Complete(null, null, default);
        running.Complete();

        child.StartTurn().Activity!.ParentSpanId.ShouldBe(default);
    }

    [Fact]
    public void An_ambient_span_of_the_helpers_own_work_says_otherwise()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        using var spawn = turn.StartToolCall(new() { Name = "spawn_agent" });
        var child = turn.Session.SpawnAgent("worker", spawn);
        Activity.Current = null;
        using var job = new Activity("job").Start();

        child.StartTurn().Activity!.ParentSpanId.ShouldBe(job.SpanId);
    }

    [Fact]
    public void With_a_trace_for_each_turn_it_is_a_root_all_the_same()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn(new() { TraceScope = TraceScope.Turn });
        using var spawn = turn.StartToolCall(new() { Name = "spawn_agent" });

        var first = turn.Session.SpawnAgent("worker", spawn).StartTurn();

        first.Activity!.ParentSpanId.ShouldBe(default);
        first.Activity.TraceId.ShouldNotBe(turn.Activity!.TraceId);
    }
}

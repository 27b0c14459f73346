using System.Diagnostics;

namespace RolloutTrace.Tests;

public sealed class CurrentSpanTests
{
    [Fact]
    public void Spans_of_code_that_runs_inside_nest_below_the_handle()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        using var tool = turn.StartToolCall(new() { Name = "fetch" });

        using var http = new Activity("GET").Start();

        http.ParentSpanId.ShouldBe(tool.Activity!.SpanId);
    }

    [Fact]
    public void Ending_a_span_that_is_not_current_leaves_the_current_one()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        using var outer = turn.StartToolCall(new() { Name = "outer" });
        using var inner = turn.StartToolCall(new() { Name = "inner" });

        outer.Complete();

        Activity.Current.ShouldBeSameAs(inner.Activity);
    }

    [Fact]
    public void A_stopped_span_never_becomes_current_again()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        using var outer = turn.StartToolCall(new() { Name = "outer" });
        using var inner = turn.StartToolCall(new() { Name = "inner" });

        outer.Complete();
        inner.Complete();

        Activity.Current.ShouldBeSameAs(turn.Activity);
    }

    [Fact]
    public void A_cell_that_outlives_its_turn_gives_back_what_was_current_before_both()
    {
        using var traced = new TracedRollout();
        using var session = traced.StartSession();
        using var job = new Activity("job").Start();
        var turn = session.StartTurn();
        var cell = turn.StartCodeCell(new() { CallId = "call-1", Source = "1" });

        turn.Complete();
        Activity.Current.ShouldBeSameAs(cell.Activity);
        cell.Complete();

        Activity.Current.ShouldBeSameAs(job);
    }

    [Fact]
    public async Task Ending_a_span_on_another_thread_leaves_that_threads_current_span()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        var tool = turn.StartToolCall(new() { Name = "background" });

        await Task.Run(() =>
        {
            using var other = new Activity("other").Start();
            tool.Complete();
            Activity.Current.ShouldBeSameAs(other);
        });
    }

    [Fact]
    public void Ending_a_span_where_nothing_is_current_makes_nothing_current()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        var tool = turn.StartToolCall(new() { Name = "background" });
        Activity.Current = null;

        tool.Complete();

        Activity.Current.ShouldBeNull();
    }

    [Fact]
    public void Overlapping_spans_do_not_hold_on_to_those_before_them()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        var previous = turn.StartToolCall(new() { Name = "tool" });
        for (var i = 0; i < 100; i++)
        {
            var next = turn.StartToolCall(new() { Name = "tool" });
            previous.Complete();
            previous = next;
        }

        var depth = 0;
        for (var span = previous.Activity; span is not null && RolloutHandle.Of(span) is { } handle; span = handle.Previous)
        {
            depth++;
        }

        depth.ShouldBeLessThanOrEqualTo(4);
    }
}

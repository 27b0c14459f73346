using System.Diagnostics;
using RolloutTrace.Bundle;

namespace RolloutTrace.Tests;

public sealed class TurnTests
{
    [Fact]
    public void Without_an_ambient_span_a_turn_has_no_parent_in_the_rollouts_trace()
    {
        using var traced = new TracedRollout();
        using var session = traced.StartSession();

        using var turn = session.StartTurn();

        turn.Activity!.ParentSpanId.ShouldBe(default);
        turn.Activity.TraceId.ShouldBe(session.Activity!.TraceId);
        turn.Activity.ActivityTraceFlags.ShouldBe(ActivityTraceFlags.Recorded);
        turn.Activity.Links.ShouldHaveSingleItem().Context.SpanId.ShouldBe(session.Activity.SpanId);
        Activity.Current.ShouldBeSameAs(turn.Activity);
    }

    [Fact]
    public void With_an_ambient_span_a_turn_is_its_child()
    {
        using var traced = new TracedRollout();
        using var session = traced.StartSession();
        using var request = new Activity("incoming request").Start();

        var turn = session.StartTurn();

        turn.Activity!.ParentSpanId.ShouldBe(request.SpanId);
        turn.Activity.TraceId.ShouldBe(request.TraceId);
        turn.Activity.Links.ShouldHaveSingleItem().Context.TraceId.ShouldBe(session.Activity!.TraceId);
        turn.Complete();
        Activity.Current.ShouldBeSameAs(request);
    }

    [Fact]
    public void An_ambient_span_of_another_rollout_is_the_parent()
    {
        using var traced = new TracedRollout();
        using var outer = traced.StartTurn();
        using var tool = outer.StartToolCall(new() { Name = "run_agent" });
        using var inner = traced.StartSession();

        inner.StartTurn().Activity!.ParentSpanId.ShouldBe(tool.Activity!.SpanId);
    }

    [Fact]
    public void An_ambient_span_inside_the_same_rollout_is_not_the_parent()
    {
        using var traced = new TracedRollout();
        using var session = traced.StartSession();
        using var turn = session.StartTurn();
        using var tool = turn.StartToolCall(new() { Name = "spawn_agent" });
        using var http = new Activity("POST").Start();
        using var child = session.SpawnAgent("worker", tool);

        using var childTurn = child.StartTurn();

        childTurn.Activity!.ParentSpanId.ShouldBe(tool.Activity!.SpanId);
        childTurn.Activity.TraceId.ShouldBe(session.Activity!.TraceId);
    }

    [Fact]
    public void A_spawned_agents_turn_stays_in_the_rollouts_trace_when_its_parents_turn_hangs_below_a_request()
    {
        using var traced = new TracedRollout();
        using var session = traced.StartSession();
        using var request = new Activity("incoming request").Start();
        using var turn = session.StartTurn();
        using var child = session.SpawnAgent("worker");

        using var childTurn = child.StartTurn();

        childTurn.Activity!.TraceId.ShouldBe(session.Activity!.TraceId);
        childTurn.Activity.TraceId.ShouldNotBe(request.TraceId);
    }

    [Fact]
    public void One_trace_a_rollout_leaves_the_ambient_span_aside()
    {
        using var traced = new TracedRollout();
        using var session = traced.StartSession(new() { TraceScope = TraceScope.Rollout });
        using var request = new Activity("incoming request").Start();

        var turn = session.StartTurn();

        turn.Activity!.ParentSpanId.ShouldBe(default);
        turn.Activity.TraceId.ShouldBe(session.Activity!.TraceId);
        turn.Complete();
        Activity.Current.ShouldBeSameAs(request);
    }

    [Fact]
    public void One_trace_a_turn_gives_each_a_fresh_trace()
    {
        using var traced = new TracedRollout();
        using var session = traced.StartSession(new() { TraceScope = TraceScope.Turn });
        using var request = new Activity("incoming request").Start();

        using var first = session.StartTurn();
        using var second = session.StartTurn();

        first.Activity!.ParentSpanId.ShouldBe(default);
        second.Activity!.ParentSpanId.ShouldBe(default);
        new[] { session.Activity!.TraceId, request.TraceId, first.Activity.TraceId, second.Activity.TraceId }.ShouldBeUnique();
    }

    [Fact]
    public void A_rollout_that_is_not_sampled_says_so_in_the_flags_of_its_turns()
    {
        using var traced = new TracedRollout(ActivitySamplingResult.AllData);
        using var session = traced.StartSession();

        session.StartTurn().Activity!.ActivityTraceFlags.ShouldBe(ActivityTraceFlags.None);
    }

    [Theory]
    [InlineData(ExecutionStatus.Completed, "completed", ActivityStatusCode.Unset, null)]
    [InlineData(ExecutionStatus.Failed, "failed", ActivityStatusCode.Error, "System.TimeoutException")]
    [InlineData(ExecutionStatus.Cancelled, "cancelled", ActivityStatusCode.Unset, null)]
    [InlineData(ExecutionStatus.Aborted, "aborted", ActivityStatusCode.Unset, null)]
    public void The_end_of_a_turn_shows_on_span_and_event(ExecutionStatus status, string word, ActivityStatusCode code, string? errorType)
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();

        End(turn, status);

        turn.Activity!.GetTagItem(RolloutAttributes.Status).ShouldBe(word);
        turn.Activity.Status.ShouldBe(code);
        turn.Activity.StatusDescription.ShouldBeNull();
        turn.Activity.GetTagItem(RolloutAttributes.Error.Type).ShouldBe(errorType);
        traced.Recording.Single<CodexTurnEndedEvent>().ShouldBe(new CodexTurnEndedEvent { CodexTurnId = "turn-1", Status = status });
    }

    [Fact]
    public void The_tokens_of_all_requests_are_summed_on_the_turn()
    {
        using var traced = new TracedRollout();
        var turn = traced.StartTurn();
        turn.StartModelRequest("gpt-5", JsonPayload.OfJson("""{"input":[]}""")).Complete("r1", new TokenUsage(100, 20, 60, 5, 7), JsonPayload.OfJson("[]"));
        turn.StartModelRequest("gpt-5", JsonPayload.OfJson("""{"input":[]}""")).Complete("r2", usage: null, JsonPayload.OfJson("[]"));
        var compaction = turn.StartCompaction();
        compaction.StartRequest(JsonPayload.OfJson("""{"input":[]}""")).Complete("r3", new TokenUsage(1000, 200, 600, 50, 70), JsonPayload.OfJson("[]"));

        turn.Complete();

        turn.Activity!.GetTagItem(RolloutAttributes.GenAI.UsageInputTokens).ShouldBe(1100L);
        turn.Activity.GetTagItem(RolloutAttributes.GenAI.UsageOutputTokens).ShouldBe(220L);
        turn.Activity.GetTagItem(RolloutAttributes.GenAI.UsageCacheReadInputTokens).ShouldBe(660L);
        turn.Activity.GetTagItem(RolloutAttributes.GenAI.UsageCacheWriteInputTokens).ShouldBe(55L);
        turn.Activity.GetTagItem(RolloutAttributes.GenAI.UsageReasoningOutputTokens).ShouldBe(77L);
    }

    private static void End(Turn turn, ExecutionStatus status)
    {
        switch (status)
        {
            case ExecutionStatus.Completed:
                turn.Complete();
                break;
            case ExecutionStatus.Failed:
                turn.Fail(new TimeoutException("secret words"));
                break;
            case ExecutionStatus.Cancelled:
                turn.Cancel();
                break;
            case ExecutionStatus.Aborted:
                turn.Abort();
                break;
        }
    }
}

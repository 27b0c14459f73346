using System.Diagnostics;
using RolloutTrace.Bundle;
using RolloutTrace.GenAI.Live;
using RolloutTrace.Reducer;

namespace RolloutTrace.Recorder.Tests.GenAISpans;

public sealed class LiveRolloutTests
{
    [Fact]
    public void What_has_ended_is_on_disk_after_a_flush_while_its_agent_runs()
    {
        using var agent = new ForeignAgent();
        using var running = agent.Agent("helper");
        agent.Chat("hello", ("gen_ai.output.messages", ForeignAgent.Message("assistant", "hi"))).Dispose();

        agent.Recorder.Flush();

        var graph = RecorderFixture.Reduce(agent.Recorder.Bundle);
        graph.InferenceCalls.Values.ShouldHaveSingleItem().Execution.Status.ShouldBe(ExecutionStatus.Completed);
        graph.CodexTurns.Values.ShouldHaveSingleItem().Execution.Status.ShouldBe(ExecutionStatus.Running);
        graph.Status.ShouldBe(RolloutStatus.Running);
    }

    [Fact]
    public void A_rollout_starts_when_its_first_span_did_however_late_it_is_known()
    {
        using var agent = new ForeignAgent();
        using var chat = agent.Chat("hello");
        var before = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        chat.SetStartTime(before);

        chat.Dispose();
        agent.Recorder.Flush();

        var started = new DateTimeOffset(before).ToUnixTimeMilliseconds();
        BundleReader.Open(agent.Recorder.Bundle).Manifest.StartedAtUnixMs.ShouldBe(started);
        RecorderFixture.Reduce(agent.Recorder.Bundle).StartedAtUnixMs.ShouldBe(started);
    }

    [Fact]
    public void A_request_whose_call_goes_out_is_on_disk_while_it_runs()
    {
        using var agent = new ForeignAgent();
        using var running = agent.Chat("hello");
        using var below = agent.Send();

        agent.Recorder.Flush();

        RecorderFixture.Reduce(agent.Recorder.Bundle).InferenceCalls.Values.ShouldHaveSingleItem().Execution.Status.ShouldBe(ExecutionStatus.Running);
    }

    [Fact]
    public void What_runs_when_the_pipeline_ends_is_recorded_as_running()
    {
        using var agent = new ForeignAgent();
        var turn = agent.Agent("helper");
        var chat = agent.Chat("hello");

        var graph = agent.Reduce();

        graph.InferenceCalls.Values.ShouldHaveSingleItem().Execution.Status.ShouldBe(ExecutionStatus.Running);
        graph.CodexTurns.Values.ShouldHaveSingleItem().Execution.Status.ShouldBe(ExecutionStatus.Running);
        graph.ConversationItems.Values.ShouldHaveSingleItem();
        graph.Status.ShouldBe(RolloutStatus.Running);
        chat.Dispose();
        turn.Dispose();
    }

    [Fact]
    public void A_rollout_ends_after_a_while_without_spans_and_a_later_turn_goes_on_in_a_new_bundle()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        using var agent = new ForeignAgent(options => options.TimeProvider = clock);
        agent.Chat("hello", ("gen_ai.conversation.id", "c-1")).Dispose();

        clock.Advance(TimeSpan.FromMinutes(29));
        agent.Recorder.Flush();
        RecorderFixture.Events(agent.Recorder.Bundle).ShouldNotContain(e => e.Payload is RolloutEndedEvent);

        clock.Advance(TimeSpan.FromMinutes(3));
        agent.Recorder.Flush();
        RecorderFixture.Events(agent.Recorder.Bundle)[^1].Payload.ShouldBe(new RolloutEndedEvent { Status = RolloutStatus.Completed });

        agent.Chat("and now?", ("gen_ai.conversation.id", "c-1")).Dispose();
        agent.Recorder.Provider.Dispose();
        agent.Recorder.Bundles.Length.ShouldBe(2);
        agent.Recorder.Bundles.Select(bundle => RecorderFixture.Reduce(bundle).RootThreadId).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public void A_turn_that_runs_keeps_its_rollout_open()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        using var agent = new ForeignAgent(options => options.TimeProvider = clock);
        using (agent.Agent("helper"))
        {
            agent.Chat("hello").Dispose();
            clock.Advance(TimeSpan.FromHours(5));
            agent.Recorder.Flush();
            RecorderFixture.Events(agent.Recorder.Bundle).ShouldNotContain(e => e.Payload is RolloutEndedEvent);
        }
    }

    [Fact]
    public void Activities_that_never_end_are_bounded()
    {
        var open = new OpenActivities();
        for (var i = 0; i < 30_000; i++)
        {
            open.Add(new Activity("never"));
        }

        open.All.Count.ShouldBe(10_000);
    }
}

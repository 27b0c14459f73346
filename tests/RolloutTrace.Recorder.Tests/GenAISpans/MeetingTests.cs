using RolloutTrace.Bundle;
using RolloutTrace.Reducer;

namespace RolloutTrace.Recorder.Tests.GenAISpans;

/// <summary>Handles and spans of others in one trace: a boundary is recorded once.</summary>
public sealed class MeetingTests
{
    private static readonly JsonPayload Request = JsonPayload.OfJson("""{"input":[]}""");

    [Fact]
    public void Requests_and_calls_inside_a_handles_turn_belong_to_it()
    {
        using var agent = new ForeignAgent();
        using var session = agent.Recorder.StartSession();
        using var turn = session.StartTurn();
        agent.Chat("hello", ("gen_ai.output.messages", """[{"role":"assistant","parts":[{"type":"tool_call","id":"call-1","name":"weather","arguments":{}}]}]""")).Dispose();
        agent.Tool("weather", "call-1").Dispose();
        turn.Complete();
        session.Complete();

        var graph = agent.Reduce();
        graph.RootThreadId.ShouldBe(session.ThreadId);
        graph.InferenceCalls.Values.ShouldHaveSingleItem().CodexTurnId.ShouldBe(turn.TurnId);
        var tool = graph.ToolCalls.Values.ShouldHaveSingleItem();
        tool.StartedByCodexTurnId.ShouldBe(turn.TurnId);
        tool.ModelVisibleCallItemIds.Count.ShouldBe(1);
    }

    [Fact]
    public void What_a_handle_has_recorded_is_not_recorded_again()
    {
        using var agent = new ForeignAgent();
        using var session = agent.Recorder.StartSession();
        using var turn = session.StartTurn();
        using (var request = turn.StartModelRequest("gpt-5", Request))
        {
            agent.Chat("hello").Dispose();
            request.Complete("resp-1", usage: null, JsonPayload.OfJson("[]"));
        }

        using (var tool = turn.StartToolCall(new() { Name = "weather", CallId = "call-1" }))
        {
            agent.Tool("weather", "call-1").Dispose();
            tool.Complete(default);
        }

        turn.Complete();
        session.Complete();

        var graph = agent.Reduce();
        graph.InferenceCalls.Values.ShouldHaveSingleItem().ResponseId.ShouldBe("resp-1");
        graph.ToolCalls.ShouldHaveSingleItem();
    }

    [Fact]
    public void An_agent_in_a_handles_turn_is_that_turn()
    {
        using var agent = new ForeignAgent();
        using var session = agent.Recorder.StartSession();
        using var turn = session.StartTurn();
        using (agent.Agent("helper"))
        {
            agent.Chat("hello").Dispose();
        }

        turn.Complete();
        session.Complete();

        var graph = agent.Reduce();
        graph.Threads.ShouldHaveSingleItem();
        graph.CodexTurns.ShouldHaveSingleItem();
        graph.InferenceCalls.Values.ShouldHaveSingleItem().CodexTurnId.ShouldBe(turn.TurnId);
    }

    [Fact]
    public void An_agent_in_a_handles_tool_call_is_a_spawned_thread()
    {
        using var agent = new ForeignAgent();
        using var session = agent.Recorder.StartSession();
        using var turn = session.StartTurn();
        using (var tool = turn.StartToolCall(new() { Name = "ask_helper", CallId = "call-1" }))
        {
            using (agent.Agent("helper"))
            {
                agent.Chat("hello", ("gen_ai.output.messages", ForeignAgent.Message("assistant", "hi"))).Dispose();
            }

            tool.Complete(JsonPayload.OfJson("""{"type":"function_call_output","call_id":"call-1","output":"hi"}"""));
        }

        turn.Complete();
        session.Complete();

        var graph = agent.Reduce();
        var helper = graph.Threads.Values.Single(thread => thread.AgentPath == "/root/helper");
        helper.Execution.Status.ShouldBe(ExecutionStatus.Completed);
        helper.Origin.ShouldBeOfType<SpawnedOrigin>().ParentThreadId.ShouldBe(session.ThreadId);
        graph.InteractionEdges.Values.Select(edge => edge.Kind).ShouldBe([InteractionEdgeKind.SpawnAgent, InteractionEdgeKind.AgentResult], ignoreOrder: true);
        graph.InferenceCalls.Values.ShouldHaveSingleItem().ThreadId.ShouldBe(helper.ThreadId);
    }

    [Fact]
    public void Recorders_that_record_other_rollouts_tell_this_one_nothing()
    {
        using var agent = new ForeignAgent();
        using var other = new RecorderFixture(options => options.GenAISpans.Sources.Add(agent.SourceName));
        using var session = agent.Recorder.StartSession();
        using var turn = session.StartTurn();
        agent.Chat("hello").Dispose();
        agent.Tool("weather", "call-1").Dispose();
        turn.Complete();
        session.Complete();

        other.Provider.Dispose();
        other.Bundles.ShouldBeEmpty();
        var graph = agent.Reduce();
        graph.InferenceCalls.ShouldHaveSingleItem();
        graph.ToolCalls.ShouldHaveSingleItem();
    }

    [Fact]
    public void Two_recorders_of_one_rollout_have_the_spans_of_others_in_it_once()
    {
        using var agent = new ForeignAgent();
        using var other = new RecorderFixture(options =>
        {
            options.GenAISpans.Sources.Add(agent.SourceName);
            options.Filter = agent.Recorder.Owns;
        });
        using var session = agent.Recorder.StartSession();
        using var turn = session.StartTurn();
        agent.Chat("hello").Dispose();
        agent.Tool("weather", "call-1").Dispose();
        turn.Complete();
        session.Complete();

        other.Provider.Dispose();
        foreach (var graph in (RolloutGraph[])[agent.Reduce(), RecorderFixture.Reduce(other.Bundle)])
        {
            graph.InferenceCalls.ShouldHaveSingleItem();
            graph.ToolCalls.ShouldHaveSingleItem();
        }
    }

    [Fact]
    public void A_span_of_our_source_without_a_handle_is_somebody_elses()
    {
        using var agent = new ForeignAgent();
        using var session = agent.Recorder.StartSession();
        using var turn = session.StartTurn();
        using (var tool = turn.Activity!.Source.StartActivity("execute_tool weather")!)
        {
            tool.SetTag("gen_ai.operation.name", "execute_tool");
            tool.SetTag("gen_ai.tool.name", "weather");
            tool.SetTag("gen_ai.tool.call.id", "call-1");
        }

        turn.Complete();
        session.Complete();

        agent.Reduce().ToolCalls.Values.ShouldHaveSingleItem().ModelVisibleCallId.ShouldBe("call-1");
    }
}

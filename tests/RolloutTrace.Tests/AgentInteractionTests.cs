using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Tests;

public sealed class AgentInteractionTests
{
    private const string Request = """{"input":[]}""";

    [Fact]
    public void Messages_tasks_results_and_closing_between_two_agents()
    {
        using var traced = new TracedRollout();
        var session = traced.StartSession();
        var turn = session.StartTurn(new() { TurnId = "turn-1" });
        var child = session.SpawnAgent("worker", options: new() { ThreadId = "child" });
        var send = turn.StartToolCall(new() { Name = "send_message", CallId = "call-1", Arguments = JsonPayload.OfJson("""{"target":"worker","message":"look here"}""") });
        send.MessageSent(child);
        send.Complete(default);
        var assign = turn.StartToolCall(new() { Name = "assign_task", CallId = "call-2", Arguments = JsonPayload.OfJson("""{"target":"worker","message":"do that"}""") });
        assign.TaskAssigned(child);
        assign.Complete(default);
        var childTurn = child.StartTurn(new() { TurnId = "turn-2" });
        childTurn.StartModelRequest("gpt-5", JsonPayload.OfJson(Request), new() { RequestId = "request-1" }).Complete("response-1", null, JsonPayload.OfJson("[]"));
        childTurn.StartModelRequest("gpt-5", JsonPayload.OfJson(Request), new() { RequestId = "request-2" }).Complete("response-2", null, JsonPayload.OfJson("[]"));
        childTurn.Complete();
        session.ResultReceived(childTurn, "did that");
        turn.StartModelRequest("gpt-5", JsonPayload.OfJson(Request), new() { RequestId = "request-3" }).Complete("response-3", null, JsonPayload.OfJson("[]"));
        var close = turn.StartToolCall(new() { Name = "close_agent", CallId = "call-3", Arguments = JsonPayload.OfJson("""{"target":"worker"}""") });
        close.AgentClosed(child);
        close.Complete(default);
        child.Complete();
        turn.Complete();
        session.Complete();

        Snapshot.Match(traced.Print());
    }

    [Fact]
    public void A_message_that_is_not_in_the_tools_arguments_is_recorded_with_the_runtimes_end()
    {
        using var traced = new TracedRollout();
        using var session = traced.StartSession();
        using var turn = session.StartTurn(new() { TurnId = "turn-1" });
        var spawn = turn.StartToolCall(new() { Name = "delegate", CallId = "call-1", Kind = ToolCallKind.Of(ToolCallKindType.SpawnAgent), Arguments = JsonPayload.OfJson("""{"prompt":"dig"}""") });

        session.SpawnAgent("worker", spawn, new() { ThreadId = "child", Message = "dig" });

        var payload = traced.Recording.PayloadOf<ToolCallRuntimeEndedEvent>();
        payload.GetProperty("sender_thread_id").GetString().ShouldBe("root");
        payload.GetProperty("new_thread_id").GetString().ShouldBe("child");
        payload.GetProperty("prompt").GetString().ShouldBe("dig");

        var send = turn.StartToolCall(new() { Name = "send_message", CallId = "call-2" });
        send.MessageSent(session, "to myself");
        traced.Recording.EventTypes[^1].ShouldBe("tool_call_runtime_ended");
    }

    [Fact]
    public void What_the_format_cannot_read_as_an_interaction_is_kept_as_a_breadcrumb_and_still_links()
    {
        using var traced = new TracedRollout();
        using var session = traced.StartSession();
        using var turn = session.StartTurn();
        using var child = session.SpawnAgent("worker");
        var nameless = turn.StartToolCall(new() { Name = "send_message", Arguments = JsonPayload.OfJson("""{"text":"hi"}""") });
        var wordless = turn.StartToolCall(new() { Name = "send_message", Arguments = JsonPayload.OfJson("""{"message":5}""") });
        var otherKind = turn.StartToolCall(new() { Name = "post", Arguments = JsonPayload.OfJson("""{"message":"hi"}""") });
        var broadcast = turn.StartToolCall(new() { Name = "send_message", Arguments = JsonPayload.OfJson("""{"message":"hi"}""") });
        var before = traced.Recording.EventTypes.Count;

        nameless.MessageSent(child);
        wordless.MessageSent(child);
        otherKind.MessageSent(child);
        broadcast.MessageSent(child);
        broadcast.MessageSent(session);

        traced.Recording.EventTypes.Skip(before).ShouldBe(
            ["protocol_event_observed", "protocol_event_observed", "protocol_event_observed", "tool_call_runtime_ended", "protocol_event_observed"]);
        using var childTurn = child.StartTurn();
        childTurn.StartModelRequest("gpt-5", JsonPayload.OfJson(Request)).Activity!.Links.Select(l => l.Context.SpanId)
            .ShouldBe([nameless.Activity!.SpanId, wordless.Activity!.SpanId, otherKind.Activity!.SpanId, broadcast.Activity!.SpanId]);
    }

    [Theory]
    [InlineData(ExecutionStatus.Completed, """{"completed":"words"}""")]
    [InlineData(ExecutionStatus.Failed, """{"errored":"words"}""")]
    [InlineData(ExecutionStatus.Aborted, "\"interrupted\"")]
    [InlineData(ExecutionStatus.Cancelled, "\"interrupted\"")]
    public void A_result_says_how_the_child_ended(ExecutionStatus status, string json)
    {
        using var traced = new TracedRollout();
        using var session = traced.StartSession();
        using var child = session.SpawnAgent("worker", options: new() { ThreadId = "child" });
        using var childTurn = child.StartTurn(new() { TurnId = "turn-2" });

        session.ResultReceived(childTurn, "words", status);

        traced.Recording.Single<AgentResultObservedEvent>().EdgeId.ShouldBe("edge:agent_result:child:turn-2:root");
        traced.Recording.PayloadOf<AgentResultObservedEvent>().GetProperty("status").GetRawText().ShouldBe(json);
    }

    [Fact]
    public void Links_that_several_threads_add_are_all_repeated_as_an_attribute()
    {
        using var traced = new TracedRollout();
        using var session = traced.StartSession();
        using var turn = session.StartTurn();
        using var child = session.SpawnAgent("worker");
        using var close = turn.StartToolCall(new() { Name = "close_agent" });

        Parallel.For(0, 100, _ => close.AgentClosed(child));

        child.Activity!.Links.Count().ShouldBe(100);
        child.Activity.GetTagItem("rollout.link.close_agent").ShouldBeOfType<string>().Split(',').Length.ShouldBe(100);
    }

    [Fact]
    public void A_span_takes_no_more_than_128_links()
    {
        using var traced = new TracedRollout();
        using var session = traced.StartSession();
        using var turn = session.StartTurn();
        using var child = session.SpawnAgent("worker");
        using var childTurn = child.StartTurn();
        for (var i = 0; i < 200; i++)
        {
            using var send = turn.StartToolCall(new() { Name = "send_message" });
            send.MessageSent(child);
            send.AgentClosed(child);
        }

        childTurn.StartModelRequest("gpt-5", JsonPayload.OfJson(Request)).Activity!.Links.Count().ShouldBe(128);
        childTurn.StartModelRequest("gpt-5", JsonPayload.OfJson(Request)).Activity!.Links.ShouldBeEmpty();
        child.Activity!.Links.Count().ShouldBe(128);
    }
}

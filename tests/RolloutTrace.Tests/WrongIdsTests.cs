using RolloutTrace.Bundle;

namespace RolloutTrace.Tests;

/// <summary>What there is once in a rollout keeps an id of its own, and what belongs to another rollout is not named in this one.</summary>
public class WrongIdsTests
{
    [Fact]
    public void An_id_that_comes_again_is_replaced_by_a_fresh_one()
    {
        using var traced = new TracedRollout();
        var session = traced.StartSession();
        var turn = session.StartTurn(new() { TurnId = "1" });

        turn.TurnId.ShouldBe("1");
        session.StartTurn(new() { TurnId = "1" }).TurnId.Length.ShouldBe(36);
        turn.StartModelRequest(null, JsonPayload.OfJson("{}"), new() { RequestId = "1" }).RequestId.ShouldBe("1");
        turn.StartModelRequest(null, JsonPayload.OfJson("{}"), new() { RequestId = "1" }).RequestId.Length.ShouldBe(36);
        turn.StartToolCall(new() { Name = "a", ToolCallId = "1" }).ToolCallId.ShouldBe("1");
        turn.StartToolCall(new() { Name = "a", CallId = "1" }).ToolCallId.Length.ShouldBe(36);
        turn.StartCompaction(new() { CompactionId = "1" }).CompactionId.ShouldBe("1");
        turn.StartCompaction(new() { CompactionId = "1" }).CompactionId.Length.ShouldBe(36);
        session.SpawnAgent("a", options: new() { ThreadId = "root" }).ThreadId.Length.ShouldBe(36);
    }

    [Fact]
    public void Ids_that_the_log_could_not_tell_apart_are_the_same_id()
    {
        using var traced = new TracedRollout();
        var session = traced.StartSession();
        var longId = new string('x', 5000);

        session.StartTurn(new() { TurnId = "\ud800" }).TurnId.ShouldBe("\ufffd");
        session.StartTurn(new() { TurnId = "\ud801" }).TurnId.Length.ShouldBe(36);
        session.StartTurn(new() { TurnId = longId + "a" }).TurnId.ShouldEndWith("...[3977 more characters]");
        session.StartTurn(new() { TurnId = longId + "b" }).TurnId.Length.ShouldBe(36);
    }

    [Theory]
    [InlineData(null, "/root")]
    [InlineData("", "/root")]
    [InlineData("/root/a_1", "/root/a_1")]
    [InlineData("Main Agent", "/root/main_agent")]
    [InlineData("/root/../x", "/root/__/x")]
    [InlineData("//root/root", "/root/root_")]
    public void A_path_is_as_the_format_has_it(string? given, string path)
    {
        using var traced = new TracedRollout();

        RolloutTracing.StartSession(traced.Source, new() { AgentPath = given }).AgentPath.ShouldBe(path);
    }

    [Fact]
    public void What_is_done_to_another_rollouts_agent_is_a_breadcrumb_in_ones_own()
    {
        using var traced = new TracedRollout();
        using var elsewhere = new TracedRollout();
        var turn = traced.StartTurn();
        var other = elsewhere.StartTurn();

        turn.StartToolCall(new() { Name = "send_message", Arguments = JsonPayload.OfJson("""{"message":"go"}""") }).MessageSent(other.Session);
        other.Session.ResultReceived(turn, "done");

        traced.Recording.EventTypes.Count(type => type == "protocol_event_observed").ShouldBe(2);
        traced.Recording.EventTypes.ShouldNotContain("agent_result_observed");
        traced.Recording.EventTypes.ShouldNotContain("tool_call_runtime_ended");
        elsewhere.Recording.EventTypes.ShouldNotContain("agent_result_observed");
    }
}

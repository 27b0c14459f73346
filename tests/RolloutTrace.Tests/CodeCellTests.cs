using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Tests;

public sealed class CodeCellTests
{
    [Fact]
    public void A_cell_with_a_nested_tool_call_that_yields_is_waited_for_and_outlives_its_turn()
    {
        using var traced = new TracedRollout();
        var session = traced.StartSession();
        var turn = session.StartTurn(new() { TurnId = "turn-1" });
        var request = turn.StartModelRequest("gpt-5", JsonPayload.OfJson("""{"input":[]}"""), new() { RequestId = "request-1" });
        var cell = turn.StartCodeCell(new() { CallId = "call-1", Source = "await tools.search({})", RuntimeCellId = "1", CausedBy = request });
        var nested = cell.StartToolCall(new() { Name = "search", ToolCallId = "tool-1", CodeModeRuntimeToolId = "rt-1", Arguments = JsonPayload.OfJson("{}") });
        cell.Yielded(JsonPayload.OfJson("""{"Yielded":{"cell_id":"1"}}"""));
        request.Complete("response-1", null, JsonPayload.OfJson("[]"));
        turn.Complete();
        var next = session.StartTurn(new() { TurnId = "turn-2" });
        var wait = next.StartToolCall(new() { Name = "wait", CallId = "call-2", Arguments = JsonPayload.OfJson("""{"cell_id":"1"}"""), WaitsFor = cell });
        nested.Complete(JsonPayload.OfJson("""{"hits":3}"""));
        cell.StartToolCall(new() { Name = "search", ToolCallId = "tool-2", Arguments = JsonPayload.OfJson("{}") }).Fail("no index");
        cell.Complete(JsonPayload.OfJson("""{"Result":{"cell_id":"1"}}"""));
        wait.Complete(JsonPayload.OfJson("""{"type":"function_call_output","call_id":"call-2","output":"3"}"""));
        next.Complete();

        Snapshot.Match(traced.Print());
    }

    [Theory]
    [InlineData("failed", CodeCellRuntimeStatus.Failed, "failed")]
    [InlineData("terminated", CodeCellRuntimeStatus.Terminated, "cancelled")]
    [InlineData("disposed", CodeCellRuntimeStatus.Terminated, "aborted")]
    public void The_end_of_a_cell_shows_on_span_and_event(string how, CodeCellRuntimeStatus status, string word)
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        using var cell = turn.StartCodeCell(new() { CallId = "call-1", Source = "1" });

        switch (how)
        {
            case "failed":
                cell.Fail(new InvalidOperationException("boom"));
                break;
            case "terminated":
                cell.Terminate();
                break;
            default:
                cell.Dispose();
                break;
        }

        cell.Yielded(JsonPayload.OfJson("1"));
        traced.Recording.Single<CodeCellEndedEvent>().Status.ShouldBe(status);
        traced.Recording.EventTypes[^1].ShouldBe("code_cell_ended", "an answer after the end is ignored");
        cell.Activity!.GetTagItem(RolloutAttributes.Status).ShouldBe(word);
        cell.Activity.GetTagItem(RolloutAttributes.CodeCell.Status).ShouldBe(word == "failed" ? "failed" : "terminated");
    }
}

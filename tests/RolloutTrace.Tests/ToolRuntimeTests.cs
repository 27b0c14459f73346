using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Tests;

public sealed class ToolRuntimeTests
{
    [Fact]
    public void Commands_and_their_ends()
    {
        using var traced = new TracedRollout();
        var turn = traced.StartTurn();
        var first = StartShell(turn, "call-1").StartCommand(["/bin/bash", "-lc", "make"], "/w");
        first.ProcessStarted(4711);
        traced.Clock.Advance(TimeSpan.FromMilliseconds(1500));
        first.Exit(0, new() { Stdout = "out", Stderr = "err", Formatted = "formatted", Aggregated = "outerr" });
        StartShell(turn, "call-2").StartCommand(["make"], "/w", new() { TerminalId = "1001", ProcessId = 4712, Input = "y" }).Exit(2);
        StartShell(turn, "call-3").StartCommand(["make"], "/w").Fail(new FileNotFoundException("no make"));
        StartShell(turn, "call-4").StartCommand(["make"], "/w").Cancel("killed");
        StartShell(turn, "call-5").StartCommand(["make"], "/w").Decline("not allowed");
        StartShell(turn, "call-6").StartCommand(["make"], "/w").Dispose();

        Snapshot.Match(traced.Print());
    }

    [Fact]
    public void Patches_mcp_calls_and_other_work()
    {
        using var traced = new TracedRollout();
        var turn = traced.StartTurn();
        turn.StartToolCall(new() { Name = "apply_patch", CallId = "call-1" }).StartPatch(JsonPayload.OfJson("""{"a.cs":{"type":"add"}}""")).Complete("done", "warned");
        turn.StartToolCall(new() { Name = "apply_patch", CallId = "call-2" }).StartPatch(default, autoApproved: false).Decline("not allowed");
        turn.StartToolCall(new() { Name = "apply_patch", CallId = "call-3" }).StartPatch(JsonPayload.OfJson("{}")).Fail("does not apply", "conflict");
        var mcp = turn.StartToolCall(new() { Name = "search", CallId = "call-4", McpServer = "docs" }).StartMcpCall(JsonPayload.OfJson("""{"q":"x"}"""));
        traced.Clock.Advance(TimeSpan.FromMilliseconds(20));
        mcp.Complete(JsonPayload.OfJson("""{"content":[]}"""));
        turn.StartToolCall(new() { Name = "call_tool", CallId = "call-5" }).StartMcpCall(JsonPayload.OfJson("{}"), new() { Server = "docs", Tool = "search" }).Fail("unreachable");
        turn.StartToolCall(new() { Name = "fetch", CallId = "call-6" }).StartWork("http", JsonPayload.OfJson("""{"url":"https://example.org"}""")).Complete(JsonPayload.OfJson("""{"status":200}"""));
        turn.StartToolCall(new() { Name = "fetch", CallId = "call-7" }).StartWork("http").Cancel("user pressed escape");

        Snapshot.Match(traced.Print());
    }

    [Fact]
    public void A_call_on_a_terminal_links_to_the_call_that_created_it()
    {
        using var traced = new TracedRollout();
        var turn = traced.StartTurn();
        var shell = StartShell(turn, "call-1");
        var command = shell.StartCommand(["python3"], "/w");
        command.TerminalAssigned("1001");
        shell.Complete(JsonPayload.OfJson("""{"type":"function_call_output","call_id":"call-1","output":"session 1001"}"""));
        turn.StartToolCall(new() { Name = "write_stdin", CallId = "call-2", Arguments = JsonPayload.OfJson("""{"session_id":1001,"chars":"1+1\n"}""") })
            .Complete(JsonPayload.OfJson("""{"type":"function_call_output","call_id":"call-2","output":"2"}"""));
        turn.StartToolCall(new() { Name = "write_stdin", CallId = "call-3" }).StartStdinWrite("1001", "exit()\n").Complete("bye", exitCode: 0);
        turn.StartToolCall(new() { Name = "write_stdin", CallId = "call-4" }).StartStdinWrite("1001", "").Complete("still there");
        command.Exit(0, new() { Stdout = "2\nbye" });

        Snapshot.Match(traced.Print());
    }

    [Fact]
    public void What_the_format_does_not_allow_on_a_tool_is_kept_as_a_breadcrumb()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        var shell = StartShell(turn, "call-1");
        shell.StartPatch(JsonPayload.OfJson("{}")).Complete();
        shell.StartCommand(["true"], "/w").Exit(0);
        shell.StartCommand(["true"], "/w").Exit(0);
        turn.StartToolCall(new() { Name = "write_stdin", CallId = "call-2", Arguments = JsonPayload.OfJson("""{"session_id":"7"}""") }).StartStdinWrite("7", "y").Complete();
        turn.StartToolCall(new() { Name = "send_message", CallId = "call-3" }).StartWork("mail").Complete();
        StartShell(turn, "call-4").StartStdinWrite("7", "y").Complete();

        traced.Recording.EventTypes.Where(t => !t.StartsWith("tool_call_started", StringComparison.Ordinal)).Skip(3).ShouldBe(
            [
                "protocol_event_observed", "protocol_event_observed",
                "tool_call_runtime_started", "tool_call_runtime_ended",
                "protocol_event_observed", "protocol_event_observed",
                "protocol_event_observed", "protocol_event_observed",
                "protocol_event_observed", "protocol_event_observed",
                "protocol_event_observed", "protocol_event_observed",
            ]);
    }

    [Fact]
    public void A_runtime_may_outlive_its_tool_call()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        var shell = StartShell(turn, "call-1");
        var command = shell.StartCommand(["sleep", "9"], "/w");

        shell.Complete(default);
        command.Exit(0);

        command.Activity!.ParentSpanId.ShouldBe(shell.Activity!.SpanId);
        traced.Recording.EventTypes.Skip(4).ShouldBe(["tool_call_runtime_started", "tool_call_ended", "tool_call_runtime_ended"]);
    }

    private static ToolCall StartShell(Turn turn, string callId) => turn.StartToolCall(new() { Name = "exec_command", CallId = callId });
}

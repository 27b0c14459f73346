using RolloutTrace.Bundle;
using RolloutTrace.TestSupport;

namespace RolloutTrace.Tests;

public sealed class ToolCallTests
{
    private const string Item = """{"type":"function_call_output","call_id":"call-1","output":"done"}""";

    [Fact]
    public void Tool_calls_in_all_forms_of_input_and_end()
    {
        using var traced = new TracedRollout();
        var turn = traced.StartTurn();
        var request = turn.StartModelRequest("gpt-5", JsonPayload.OfJson("""{"input":[]}"""), new() { RequestId = "request-1" });
        request.Complete("response-1", null, JsonPayload.OfJson("[]"));
        turn.StartToolCall(new() { Name = "update_plan", CallId = "call-1", Arguments = JsonPayload.OfJson("""{"step":1}"""), CausedBy = request }).Complete(JsonPayload.OfJson(Item));
        turn.StartToolCall(new() { Name = "apply_patch", CallId = "call-2", Input = ToolInput.Custom("*** Begin Patch") }).Fail("no such file", "FileNotFound");
        turn.StartToolCall(new() { Name = "search", Namespace = "tools", CallId = "call-3", Input = ToolInput.ToolSearch(JsonPayload.OfJson("""{"q":"x"}""")) }).Fail(new IOException("disk"), JsonPayload.OfJson(Item));
        turn.StartToolCall(new() { Name = "local_shell", CallId = "call-4", Input = ToolInput.LocalShell(["ls", "-l"], "/w", TimeSpan.FromSeconds(2)) }).Cancel("user pressed escape", JsonPayload.OfJson(Item));
        turn.StartToolCall(new() { Name = "web_search", CallId = "call-5", Type = "extension" }).Cancel();
        turn.StartToolCall(new() { Name = "view_image", ToolCallId = "tool-6", Kind = ToolCallKind.ForOther("image") }).Dispose();
        turn.StartToolCall(new() { Name = "search_docs", CallId = "call-7", McpServer = "docs", McpTool = "search", Arguments = JsonPayload.OfJson("{not json") }).Complete(default);
        turn.Complete();

        Snapshot.Match(traced.Print());
    }

    [Theory]
    [InlineData("exec_command", ToolCallKindType.ExecCommand)]
    [InlineData("local_shell", ToolCallKindType.ExecCommand)]
    [InlineData("shell", ToolCallKindType.ExecCommand)]
    [InlineData("shell_command", ToolCallKindType.ExecCommand)]
    [InlineData("write_stdin", ToolCallKindType.WriteStdin)]
    [InlineData("apply_patch", ToolCallKindType.ApplyPatch)]
    [InlineData("web_search", ToolCallKindType.Web)]
    [InlineData("web_search_preview", ToolCallKindType.Web)]
    [InlineData("image_generation", ToolCallKindType.ImageGeneration)]
    [InlineData("image_query", ToolCallKindType.ImageGeneration)]
    [InlineData("imagegen", ToolCallKindType.ImageGeneration)]
    [InlineData("spawn_agent", ToolCallKindType.SpawnAgent)]
    [InlineData("send_message", ToolCallKindType.SendMessage)]
    [InlineData("followup_task", ToolCallKindType.AssignAgentTask)]
    [InlineData("assign_task", ToolCallKindType.AssignAgentTask)]
    [InlineData("wait_agent", ToolCallKindType.WaitAgent)]
    [InlineData("close_agent", ToolCallKindType.CloseAgent)]
    [InlineData("interrupt_agent", ToolCallKindType.CloseAgent)]
    [InlineData("update_plan", ToolCallKindType.Other)]
    [InlineData("wait", ToolCallKindType.Other)]
    public void The_kind_follows_from_the_name(string name, ToolCallKindType kind)
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();

        using var tool = turn.StartToolCall(new() { Name = name });

        tool.Kind.Type.ShouldBe(kind);
        tool.Kind.Name.ShouldBe(kind == ToolCallKindType.Other ? name : null);
    }

    [Fact]
    public void A_custom_call_of_the_code_mode_tool_is_no_tool_call()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();

        turn.StartToolCall(new() { Name = "exec", CallId = "call-1", Input = ToolInput.Custom("1 + 1") }).IsEnabled.ShouldBeFalse();
        turn.StartToolCall(new() { Name = "exec", Namespace = "other", Input = ToolInput.Custom("1 + 1") }).IsEnabled.ShouldBeTrue();
        turn.StartToolCall(new() { Name = "exec", Arguments = JsonPayload.OfJson("{}") }).IsEnabled.ShouldBeTrue();

        traced.Recording.EventTypes.Count(t => t == "tool_call_started").ShouldBe(2);
    }

    [Theory]
    [InlineData(160, false)]
    [InlineData(161, true)]
    public void The_preview_is_160_scalar_values(int scalars, bool isCut)
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        var input = string.Concat(Enumerable.Repeat("😀", scalars));

        turn.StartToolCall(new() { Name = "apply_patch", Input = ToolInput.Custom(input) }).Dispose();

        var summary = traced.Recording.Single<ToolCallStartedEvent>().Summary.ShouldBeOfType<GenericSummary>();
        summary.InputPreview.ShouldBe(isCut ? string.Concat(Enumerable.Repeat("😀", 160)) + "..." : input);
    }

    [Fact]
    public void The_id_for_mcp_is_assigned_once()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        using var tool = turn.StartToolCall(new() { Name = "search", CallId = "call-1", McpServer = "docs" });

        var id = tool.AssignMcpCallId("tools/call", "session-1");
        tool.AssignMcpCallId("tools/call", "session-2").ShouldBe(id);

        Guid.Parse(id.ShouldNotBeNull());
        traced.Recording.Single<McpToolCallCorrelationAssignedEvent>().ShouldBe(new() { ToolCallId = "call-1", McpCallId = id });
        tool.Activity!.GetTagItem(RolloutAttributes.Mcp.CallId).ShouldBe(id);
        tool.Activity.GetTagItem(RolloutAttributes.Mcp.MethodName).ShouldBe("tools/call");
        tool.Activity.GetTagItem(RolloutAttributes.Mcp.SessionId).ShouldBe("session-1");
    }

    [Fact]
    public void Arguments_that_are_a_json_string_value_are_the_text_in_it()
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();
        var item = System.Text.Json.JsonElement.Parse("""{"arguments":"{\"a\":1}"}""");

        turn.StartToolCall(new() { Name = "f", Arguments = item.GetProperty("arguments") }).Dispose();

        traced.Recording.PayloadOf<ToolCallStartedEvent>().GetProperty("payload").GetProperty("arguments").GetString().ShouldBe("""{"a":1}""");
    }

    [Theory]
    [InlineData("write_stdin", """{"session_id":1001,"chars":"y"}""")]
    [InlineData("write_stdin", """{"session_id":"a","chars":null,"yield_time_ms":50}""")]
    [InlineData("wait", """{"cell_id":"1","terminate":true}""")]
    [InlineData("exec_command", """["no object"]""")]
    public void Input_that_the_format_takes_is_in_the_start_of_the_call(string name, string arguments)
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();

        using var tool = turn.StartToolCall(new() { Name = name, CallId = "call-1", Arguments = System.Text.Json.Nodes.JsonValue.Create(arguments) });

        traced.Recording.Single<ToolCallStartedEvent>().InvocationPayload.ShouldNotBeNull();
        traced.Recording.EventTypes.ShouldNotContain("protocol_event_observed");
    }

    [Theory]
    [InlineData("write_stdin", """{"chars":"y"}""")]
    [InlineData("write_stdin", """{"session_id":""}""")]
    [InlineData("write_stdin", """{"session_id":1,"chars":2}""")]
    [InlineData("write_stdin", """{"session_id":1,"yield_time_ms":0.5}""")]
    [InlineData("write_stdin", """{"session_id":1""")]
    [InlineData("write_stdin", "[]")]
    [InlineData("wait", """{"cell_id":1}""")]
    [InlineData("wait", "soon")]
    public void Input_that_would_have_the_rollout_refused_is_a_breadcrumb_instead(string name, string arguments)
    {
        using var traced = new TracedRollout();
        using var turn = traced.StartTurn();

        using var tool = turn.StartToolCall(new() { Name = name, CallId = "call-1", Arguments = System.Text.Json.Nodes.JsonValue.Create(arguments) });

        var started = traced.Recording.Single<ToolCallStartedEvent>();
        started.InvocationPayload.ShouldBeNull();
        started.Summary.ShouldBeOfType<GenericSummary>().InputPreview.ShouldBe(arguments);
        traced.Recording.Single<ProtocolEventObservedEvent>().EventType.ShouldBe("tool_invocation");
    }
}

using RolloutTrace.Bundle;

namespace RolloutTrace.Integration.Tests;

/// <summary>A rollout in which everything that can be traced happens, and ends in every way in which it can end.</summary>
internal static class EveryEnding
{
    private const string Request = """{"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"secret question"}]}]}""";
    private const string Answer = """[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"secret answer"}]}]""";
    private const string Output = """{"type":"function_call_output","call_id":"c","output":"secret output"}""";

    private static readonly TokenUsage Usage = new(InputTokens: 100, OutputTokens: 10, CachedInputTokens: 50, CacheWriteInputTokens: 5, ReasoningOutputTokens: 3);

    /// <summary>Goes through all of it, ending the session too.</summary>
    public static void Run(AgentSession session)
    {
        using (var turn = session.StartTurn(new() { Model = "other-model" }))
        {
            Requests(turn);
            Tools(turn);
            Runtimes(turn);
            Cells(turn);
            Compactions(turn);
            turn.Complete();
        }

        using (var turn = session.StartTurn())
        {
            Agents(turn, session);
            RepeatedIds(session);
            turn.Fail("budget_exceeded");
        }

        session.StartTurn().Cancel();
        session.StartTurn().Dispose();
        session.Fail(new TimeoutException("secret message"));
    }

    private static void Requests(Turn turn)
    {
        turn.StartModelRequest("gpt-5", JsonPayload.OfJson(Request), new() { ProviderName = "azure.ai.openai" })
            .Complete("resp_1", Usage, JsonPayload.OfJson(Answer), new() { UpstreamRequestId = "up_1", ResponseModel = "gpt-5-2026", FinishReasons = ["stop", "length"] });
        turn.StartModelRequest(null, JsonPayload.OfJson(Request), new() { PreviousResponseId = "resp_1" }).Complete(null, null, default);
        turn.StartModelRequest(null, JsonPayload.OfJson(Request)).Fail("overloaded", "503", JsonPayload.OfJson(Answer), new() { UpstreamRequestId = "up_2", ResponseModel = new string('m', 300) });
        turn.StartModelRequest(null, JsonPayload.OfJson(Request)).Fail(new InvalidOperationException("secret message"));
        turn.StartModelRequest(null, JsonPayload.OfJson(Request)).Cancel("the user said so", JsonPayload.OfJson(Answer));
        turn.StartModelRequest(null, JsonPayload.OfJson(Request)).Dispose();
    }

    private static void Tools(Turn turn)
    {
        using var asked = turn.StartModelRequest(null, JsonPayload.OfJson(Request));
        asked.Complete("resp_2", Usage, JsonPayload.OfJson("""[{"type":"function_call","call_id":"asked","name":"f","arguments":"{}"}]"""));
        turn.StartToolCall(new() { Name = "f", CallId = "asked", Arguments = JsonPayload.OfJson("{}"), CausedBy = asked }).Complete(JsonPayload.OfJson(Output));
        turn.StartToolCall(new() { Name = "f", Namespace = "n", Type = "extension", Arguments = JsonPayload.OfJson("""{"a":[1,"secret"]}""") }).Complete();
        turn.StartToolCall(new() { Name = new string('t', 300), Arguments = JsonPayload.OfJson("not json") }).Fail("broke", "broken", JsonPayload.OfJson(Output));
        turn.StartToolCall(new() { Name = "f" }).Fail(new FormatException("secret message"));
        turn.StartToolCall(new() { Name = "f", Input = ToolInput.Custom("secret text") }).Cancel("not needed", JsonPayload.OfJson(Output));
        turn.StartToolCall(new() { Name = "local_shell", Input = ToolInput.LocalShell(["ls", "-l"], "/tmp", TimeSpan.FromSeconds(1)) }).Dispose();
        turn.StartToolCall(new() { Name = "wait", CallId = "bad", Arguments = JsonPayload.OfJson("secret, and no JSON") }).Complete(JsonPayload.OfJson(Output));
        turn.StartToolCall(new() { Name = "tool_search", Input = ToolInput.ToolSearch(JsonPayload.OfJson("""{"query":"secret"}""")) }).Complete(JsonPayload.OfJson("""{"found":[]}"""));
    }

    private static void Runtimes(Turn turn)
    {
        using (var tool = turn.StartToolCall(new() { Name = "exec_command", CallId = "shell" }))
        {
            using var first = tool.StartCommand(["/bin/sh", "-c", "secret"], "/tmp", new() { TerminalId = "t1", ProcessId = 41 });
            using (var second = tool.StartCommand(["true"], "/tmp"))
            {
                second.ProcessStarted(42);
                second.Exit(0);
            }

            using (var third = tool.StartCommand(["false"], "/tmp"))
            {
                third.Exit(3, new() { Stderr = "secret" });
            }

            tool.Complete();
            using (var input = turn.StartToolCall(new() { Name = "write_stdin", CallId = "input", Arguments = JsonPayload.OfJson("""{"session_id":"t1","chars":"secret"}""") }))
            {
                input.StartStdinWrite("t1", "secret").Complete("output");
                input.Complete();
            }

            using (var look = turn.StartToolCall(new() { Name = "write_stdin", CallId = "look" }))
            {
                look.StartStdinWrite("t1", "").Complete("output", exitCode: 0);
                look.Complete();
            }

            first.Exit(1);
        }

        Carry(turn, "exec_command", tool => tool.StartCommand(["rm"], "/tmp").Decline("no"));
        Carry(turn, "exec_command", tool => tool.StartCommand(["rm"], "/tmp").Fail("not found", "ENOENT"));
        Carry(turn, "exec_command", tool => tool.StartCommand(["rm"], "/tmp").Cancel("the user said so"));
        Carry(turn, "exec_command", tool => tool.StartCommand(["rm"], "/tmp").Dispose());
        Carry(turn, "apply_patch", tool => tool.StartPatch(JsonPayload.OfJson("""{"a":{"type":"add","content":"secret"}}""")).Complete());
        Carry(turn, "apply_patch", tool => tool.StartPatch(default).Decline("no"));
        Carry(turn, "fetch", tool => tool.StartWork("http", JsonPayload.OfJson("""{"url":"secret"}""")).Complete());
        Carry(turn, "fetch", tool => tool.StartWork("http").Fail(new TimeoutException()));
        Carry(turn, "fetch", tool => tool.StartWork("http").Cancel("too slow"));
        using var mcp = turn.StartToolCall(new() { Name = "search", McpServer = "docs", McpTool = "find", Arguments = JsonPayload.OfJson("{}") });
        mcp.AssignMcpCallId("tools/call", "session-1");
        mcp.StartMcpCall(JsonPayload.OfJson("{}")).Complete(JsonPayload.OfJson("""{"content":[]}"""));
        mcp.StartMcpCall(JsonPayload.OfJson("{}")).Fail("refused", "-32600");
        mcp.Complete(JsonPayload.OfJson("""{"content":[]}"""));
    }

    private static void Carry(Turn turn, string tool, Action<ToolCall> run)
    {
        using var call = turn.StartToolCall(new() { Name = tool, Arguments = JsonPayload.OfJson("{}") });
        run(call);
        call.Complete();
    }

    private static void RepeatedIds(AgentSession session)
    {
        using var child = session.SpawnAgent("numbers_like_its_parent");
        using var turn = child.StartTurn();
        using (var tool = turn.StartToolCall(new() { Name = "exec_command", CallId = "shell", Arguments = JsonPayload.OfJson("{}") }))
        {
            tool.StartCommand(["sh"], "/tmp", new() { TerminalId = "t1" }).Exit(0);
            tool.Complete(JsonPayload.OfJson(Output));
        }

        child.Complete();
    }

    private static void Cells(Turn turn)
    {
        using var asked = turn.StartModelRequest(null, JsonPayload.OfJson(Request));
        var calls = string.Join(',', Enumerable.Range(1, 4).Select(number => $$"""{"type":"custom_tool_call","call_id":"cell_{{number}}","name":"exec","input":"secret()"}"""));
        asked.Complete("resp_3", Usage, JsonPayload.OfJson($"[{calls}]"));
        using (var cell = turn.StartCodeCell(new() { CallId = "cell_1", Source = "secret()", RuntimeCellId = "1", CausedBy = asked }))
        {
            cell.Yielded(JsonPayload.OfJson("\"wait\""));
            using var wait = turn.StartToolCall(new() { Name = "wait", CallId = "wait", Arguments = JsonPayload.OfJson("""{"cell_id":"1"}"""), WaitsFor = cell });
            using var nested = cell.StartToolCall(new() { Name = "f", CodeModeRuntimeToolId = "n1", Arguments = JsonPayload.OfJson("{}") });
            nested.Complete(JsonPayload.OfJson("\"secret value\""));
            cell.Complete(JsonPayload.OfJson("\"secret result\""));
            wait.Complete(JsonPayload.OfJson(Output));
        }

        turn.StartCodeCell(new() { CallId = "cell_2", Source = "secret()", CausedBy = asked }).Fail("SyntaxError", JsonPayload.OfJson("\"secret error\""));
        turn.StartCodeCell(new() { CallId = "cell_3", Source = "secret()", CausedBy = asked }).Terminate();
        turn.StartCodeCell(new() { CallId = "cell_4", Source = "secret()", CausedBy = asked }).Dispose();
    }

    private static void Compactions(Turn turn)
    {
        turn.StartCompaction(new() { Model = "small-model" }).Dispose();
        using (var givenUp = turn.StartCompaction(new() { Model = "small-model" }))
        {
            givenUp.StartRequest(JsonPayload.OfJson(Request)).Fail("overloaded", "503", details: new() { UpstreamRequestId = "up_3" });
            givenUp.StartRequest(JsonPayload.OfJson(Request)).Cancel("the user said so");
            givenUp.StartRequest(JsonPayload.OfJson(Request)).Dispose();
            givenUp.Fail("no_summary");
        }

        using (var compaction = turn.StartCompaction(new() { Model = "small-model" }))
        {
            compaction.StartRequest(JsonPayload.OfJson(Request), new() { PreviousResponseId = "resp_3" }).Complete("resp_4", Usage, JsonPayload.OfJson(Answer), new() { UpstreamRequestId = "up_4", FinishReasons = ["stop"] });
            compaction.Install(JsonPayload.OfJson("[]"), JsonPayload.OfJson(Answer));
        }

        turn.StartCompaction(new() { Model = "small-model" }).Install(JsonPayload.OfJson("[]"), JsonPayload.OfJson(Answer));
        turn.StartModelRequest(null, JsonPayload.OfJson(Request)).Complete("resp_5", Usage, JsonPayload.OfJson(Answer));
    }

    private static void Agents(Turn turn, AgentSession session)
    {
        using var spawn = turn.StartToolCall(new() { Name = "spawn_agent", CallId = "spawn", Arguments = JsonPayload.OfJson("""{"message":"secret task"}""") });
        using var child = session.SpawnAgent("worker", spawn, new() { AgentName = "Worker", AgentRole = "helper", Nickname = "W", Model = "small-model", ProviderName = "anthropic" });
        spawn.Complete();
        using var result = child.StartTurn();
        result.StartModelRequest(null, JsonPayload.OfJson(Request)).Complete("resp_6", Usage, JsonPayload.OfJson(Answer));
        result.Complete();
        session.ResultReceived(result, "secret result");

        Carry(turn, "send_message", tool => tool.MessageSent(child, "secret message"));
        Carry(turn, "followup_task", tool => tool.TaskAssigned(child, "secret task"));

        // A tool of another kind does the same: the format has no event for it.
        Carry(turn, "talk", tool => tool.MessageSent(child, "secret message"));
        using (var again = child.StartTurn())
        {
            again.StartModelRequest(null, JsonPayload.OfJson(Request)).Complete("resp_7", Usage, JsonPayload.OfJson(Answer));
            again.Fail("lost");
            session.ResultReceived(again, "secret failure", ExecutionStatus.Failed);
        }

        turn.StartModelRequest("gpt-5", JsonPayload.OfJson(Request)).Complete("resp_8", Usage, JsonPayload.OfJson(Answer));
        Carry(turn, "close_agent", tool => tool.AgentClosed(child));
        child.Complete();
        Carry(turn, "close_agent", tool => tool.AgentClosed(child));
        session.SpawnAgent("orphan").Abort();
    }
}

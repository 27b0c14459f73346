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
        turn.StartModelRequest("gpt-5", Request, new() { ProviderName = "azure.ai.openai" })
            .Complete("resp_1", Usage, Answer, new() { UpstreamRequestId = "up_1", ResponseModel = "gpt-5-2026", FinishReasons = ["stop", "length"] });
        turn.StartModelRequest(null, Request, new() { PreviousResponseId = "resp_1" }).Complete(null, null, default);
        turn.StartModelRequest(null, Request).Fail("overloaded", "503", Answer, new() { UpstreamRequestId = "up_2", ResponseModel = new string('m', 300) });
        turn.StartModelRequest(null, Request).Fail(new InvalidOperationException("secret message"));
        turn.StartModelRequest(null, Request).Cancel("the user said so", Answer);
        turn.StartModelRequest(null, Request).Dispose();
    }

    private static void Tools(Turn turn)
    {
        using var asked = turn.StartModelRequest(null, Request);
        asked.Complete("resp_2", Usage, """[{"type":"function_call","call_id":"asked","name":"f","arguments":"{}"}]""");
        turn.StartToolCall(new() { Name = "f", CallId = "asked", Arguments = "{}", CausedBy = asked }).Complete(Output);
        turn.StartToolCall(new() { Name = "f", Namespace = "n", Type = "extension", Arguments = """{"a":[1,"secret"]}""" }).Complete();
        turn.StartToolCall(new() { Name = new string('t', 300), Arguments = "not json" }).Fail("broke", "broken", Output);
        turn.StartToolCall(new() { Name = "f" }).Fail(new FormatException("secret message"));
        turn.StartToolCall(new() { Name = "f", Input = ToolInput.Custom("secret text") }).Cancel("not needed", Output);
        turn.StartToolCall(new() { Name = "local_shell", Input = ToolInput.LocalShell(["ls", "-l"], "/tmp", TimeSpan.FromSeconds(1)) }).Dispose();
        turn.StartToolCall(new() { Name = "wait", CallId = "bad", Arguments = "secret, and no JSON" }).Complete(Output);
        turn.StartToolCall(new() { Name = "tool_search", Input = ToolInput.ToolSearch("""{"query":"secret"}""") }).Complete("""{"found":[]}""");
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
                third.Exit(3, stderr: "secret");
            }

            tool.Complete();
            using (var input = turn.StartToolCall(new() { Name = "write_stdin", CallId = "input", Arguments = """{"session_id":"t1","chars":"secret"}""" }))
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
        Carry(turn, "apply_patch", tool => tool.StartPatch("""{"a":{"type":"add","content":"secret"}}""").Complete());
        Carry(turn, "apply_patch", tool => tool.StartPatch(default).Decline("no"));
        Carry(turn, "fetch", tool => tool.StartWork("http", """{"url":"secret"}""").Complete());
        Carry(turn, "fetch", tool => tool.StartWork("http").Fail(new TimeoutException()));
        Carry(turn, "fetch", tool => tool.StartWork("http").Cancel("too slow"));
        using var mcp = turn.StartToolCall(new() { Name = "search", McpServer = "docs", McpTool = "find", Arguments = "{}" });
        mcp.AssignMcpCallId("tools/call", "session-1");
        mcp.StartMcpCall("{}").Complete("""{"content":[]}""");
        mcp.StartMcpCall("{}").Fail("refused", "-32600");
        mcp.Complete("""{"content":[]}""");
    }

    private static void Carry(Turn turn, string tool, Action<ToolCall> run)
    {
        using var call = turn.StartToolCall(new() { Name = tool, Arguments = "{}" });
        run(call);
        call.Complete();
    }

    private static void RepeatedIds(AgentSession session)
    {
        using var child = session.SpawnAgent("numbers_like_its_parent");
        using var turn = child.StartTurn();
        using (var tool = turn.StartToolCall(new() { Name = "exec_command", CallId = "shell", Arguments = "{}" }))
        {
            tool.StartCommand(["sh"], "/tmp", new() { TerminalId = "t1" }).Exit(0);
            tool.Complete(Output);
        }

        child.Complete();
    }

    private static void Cells(Turn turn)
    {
        using var asked = turn.StartModelRequest(null, Request);
        var calls = string.Join(',', Enumerable.Range(1, 4).Select(number => $$"""{"type":"custom_tool_call","call_id":"cell_{{number}}","name":"exec","input":"secret()"}"""));
        asked.Complete("resp_3", Usage, $"[{calls}]");
        using (var cell = turn.StartCodeCell(new() { CallId = "cell_1", Source = "secret()", RuntimeCellId = "1", CausedBy = asked }))
        {
            cell.Yielded("\"wait\"");
            using var wait = turn.StartToolCall(new() { Name = "wait", CallId = "wait", Arguments = """{"cell_id":"1"}""", WaitsFor = cell });
            using var nested = cell.StartToolCall(new() { Name = "f", CodeModeRuntimeToolId = "n1", Arguments = "{}" });
            nested.Complete("\"secret value\"");
            cell.Complete("\"secret result\"");
            wait.Complete(Output);
        }

        turn.StartCodeCell(new() { CallId = "cell_2", Source = "secret()", CausedBy = asked }).Fail("SyntaxError", "\"secret error\"");
        turn.StartCodeCell(new() { CallId = "cell_3", Source = "secret()", CausedBy = asked }).Terminate();
        turn.StartCodeCell(new() { CallId = "cell_4", Source = "secret()", CausedBy = asked }).Dispose();
    }

    private static void Compactions(Turn turn)
    {
        turn.StartCompaction("small-model").Dispose();
        using (var givenUp = turn.StartCompaction("small-model"))
        {
            givenUp.StartRequest(Request).Fail("overloaded", "503", details: new() { UpstreamRequestId = "up_3" });
            givenUp.StartRequest(Request).Cancel("the user said so");
            givenUp.StartRequest(Request).Dispose();
            givenUp.Fail("no_summary");
        }

        using (var compaction = turn.StartCompaction("small-model"))
        {
            compaction.StartRequest(Request, new() { PreviousResponseId = "resp_3" }).Complete("resp_4", Usage, Answer, new() { UpstreamRequestId = "up_4", FinishReasons = ["stop"] });
            compaction.Install("[]", Answer);
        }

        turn.StartCompaction("small-model").Install("[]", Answer);
        turn.StartModelRequest(null, Request).Complete("resp_5", Usage, Answer);
    }

    private static void Agents(Turn turn, AgentSession session)
    {
        using var spawn = turn.StartToolCall(new() { Name = "spawn_agent", CallId = "spawn", Arguments = """{"message":"secret task"}""" });
        using var child = session.SpawnAgent("worker", spawn, new() { AgentName = "Worker", AgentRole = "helper", Nickname = "W", Model = "small-model", ProviderName = "anthropic" });
        spawn.Complete();
        using var result = child.StartTurn();
        result.StartModelRequest(null, Request).Complete("resp_6", Usage, Answer);
        result.Complete();
        session.ResultReceived(result, "secret result");

        Carry(turn, "send_message", tool => tool.MessageSent(child, "secret message"));
        Carry(turn, "followup_task", tool => tool.TaskAssigned(child, "secret task"));

        // A tool of another kind does the same: the format has no event for it.
        Carry(turn, "talk", tool => tool.MessageSent(child, "secret message"));
        using (var again = child.StartTurn())
        {
            again.StartModelRequest(null, Request).Complete("resp_7", Usage, Answer);
            again.Fail("lost");
            session.ResultReceived(again, "secret failure", ExecutionStatus.Failed);
        }

        turn.StartModelRequest("gpt-5", Request).Complete("resp_8", Usage, Answer);
        Carry(turn, "close_agent", tool => tool.AgentClosed(child));
        child.Complete();
        Carry(turn, "close_agent", tool => tool.AgentClosed(child));
        session.SpawnAgent("orphan").Abort();
    }
}

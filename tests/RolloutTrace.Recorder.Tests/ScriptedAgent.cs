using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Tests;

/// <summary>An agent that goes through every boundary once.</summary>
/// <param name="spoil">Each payload passes through it.</param>
/// <param name="spoilIds">
/// Arguments with ids that reducing needs pass through it. Arguments are text: where they are not even JSON, that is what the model
/// wrote, and the reducer has something to say about it.
/// </param>
internal sealed class ScriptedAgent(Func<JsonPayload, JsonPayload>? spoil = null, Func<JsonPayload, JsonPayload>? spoilIds = null)
{
    private readonly Func<JsonPayload, JsonPayload> with = spoil ?? (payload => payload);
    private readonly Func<JsonPayload, JsonPayload> withIds = spoilIds ?? spoil ?? (payload => payload);

    public void Run(AgentSession session)
    {
        var turn = session.StartTurn();
        Talk(turn);
        UseTools(turn);
        RunCode(turn);
        Compact(turn);
        WorkWithChild(session, turn);
        turn.Complete();
        session.Complete();
    }

    private void Talk(Turn turn)
    {
        turn.ProtocolEventObserved("user_input", with(JsonPayload.OfJson("""{"text":"go"}""")));
        using var request = turn.StartModelRequest("gpt-5", with(JsonPayload.OfJson("""{"input":[{"type":"message","role":"user","content":[{"type":"input_text","text":"go"}]}]}""")));
        request.Complete(
            "resp_1",
            new TokenUsage(10, 5, 0, 3, 1),
            with(JsonPayload.OfJson("""
                [{"type":"function_call","name":"exec_command","call_id":"call_exec","arguments":"{\"cmd\":\"make\"}"},
                 {"type":"custom_tool_call","name":"exec","call_id":"call_cell","input":"await tools.make()"}]
                """)));
        using var failing = turn.StartModelRequest("gpt-5", with(JsonPayload.OfJson("""{"input":[]}""")));
        failing.Fail("no answer", "timeout", with(JsonPayload.OfJson("[]")));
    }

    private void UseTools(Turn turn)
    {
        using (var tool = turn.StartToolCall(new() { Name = "exec_command", CallId = "call_exec", Arguments = with(JsonPayload.OfJson("""{"cmd":"make"}""")) }))
        {
            using (var process = tool.StartCommand(["bash", "-lc", "make"], "/src", new() { TerminalId = "17" }))
            {
                process.Exit(0, new() { Stdout = "ok\n", Formatted = "ok\n" });
            }

            tool.Complete(with(JsonPayload.OfJson("""{"type":"function_call_output","call_id":"call_exec","output":"ok\n"}""")));
        }

        using (var tool = turn.StartToolCall(new() { Name = "write_stdin", CallId = "call_stdin", Arguments = withIds(JsonPayload.OfJson("""{"session_id":17,"chars":"y\n"}""")) }))
        {
            tool.Complete(with(JsonPayload.OfJson("""{"type":"function_call_output","call_id":"call_stdin","output":"bye"}""")));
        }

        using (var tool = turn.StartToolCall(new() { Name = "apply_patch", CallId = "call_patch", Input = ToolInput.Custom("*** Begin Patch") }))
        {
            using (var patch = tool.StartPatch(with(JsonPayload.OfJson("""{"a.txt":{"add":{"content":"x"}}}"""))))
            {
                patch.Complete("done");
            }

            tool.Complete(with(JsonPayload.OfJson("""{"type":"custom_tool_call_output","call_id":"call_patch","output":"done"}""")));
        }

        using (var tool = turn.StartToolCall(new() { Name = "search", CallId = "call_mcp", McpServer = "docs", Arguments = with(JsonPayload.OfJson("""{"q":"x"}""")) }))
        {
            tool.AssignMcpCallId();
            using (var call = tool.StartMcpCall(with(JsonPayload.OfJson("""{"q":"x"}"""))))
            {
                call.Complete(with(JsonPayload.OfJson("""{"content":[]}""")));
            }

            tool.Complete(with(JsonPayload.OfJson("""{"type":"function_call_output","call_id":"call_mcp","output":"[]"}""")));
        }

        using (var tool = turn.StartToolCall(new() { Name = "fetch", CallId = "call_fetch", Arguments = with(JsonPayload.OfJson("""{"url":"x"}""")) }))
        {
            using (var work = tool.StartWork("http", with(JsonPayload.OfJson("""{"method":"GET"}"""))))
            {
                work.Complete(with(JsonPayload.OfJson("""{"status":200}""")));
            }

            tool.Fail("refused", "policy");
        }
    }

    private void RunCode(Turn turn)
    {
        using var cell = turn.StartCodeCell(new() { CallId = "call_cell", Source = "await tools.make()", RuntimeCellId = "1" });
        cell.Yielded(with(JsonPayload.OfJson("""{"output":"working"}""")));
        using (var nested = cell.StartToolCall(new() { Name = "make", Arguments = with(JsonPayload.OfJson("""{"target":"all"}""")) }))
        {
            nested.Complete(with(JsonPayload.OfJson("\"built\"")));
        }

        using (var wait = turn.StartToolCall(new() { Name = "wait", CallId = "call_wait", Arguments = withIds(JsonPayload.OfJson("""{"cell_id":"1"}""")), WaitsFor = cell }))
        {
            cell.Complete(with(JsonPayload.OfJson("""{"output":"done"}""")));
            wait.Complete(with(JsonPayload.OfJson("""{"type":"function_call_output","call_id":"call_wait","output":"done"}""")));
        }
    }

    private void Compact(Turn turn)
    {
        using var compaction = turn.StartCompaction(new() { Model = "gpt-5" });
        using (var request = compaction.StartRequest(with(JsonPayload.OfJson("""{"input":[]}"""))))
        {
            request.Complete("resp_c", usage: null, with(JsonPayload.OfJson("""[{"type":"compaction","encrypted_content":"abc"}]""")));
        }

        compaction.Install(with(JsonPayload.OfJson("[]")), with(JsonPayload.OfJson("""[{"type":"compaction","encrypted_content":"abc"}]""")));
    }

    private void WorkWithChild(AgentSession session, Turn turn)
    {
        AgentSession child;
        using (var spawn = turn.StartToolCall(new() { Name = "spawn_agent", CallId = "call_spawn", Arguments = with(JsonPayload.OfJson("""{"message":"dig"}""")) }))
        {
            child = session.SpawnAgent("worker", spawn);
            spawn.Complete(with(JsonPayload.OfJson("""{"type":"function_call_output","call_id":"call_spawn","output":"{}"}""")));
        }

        using (var send = turn.StartToolCall(new() { Name = "send_message", CallId = "call_send", Arguments = with(JsonPayload.OfJson("""{"message":"hurry"}""")) }))
        {
            send.MessageSent(child);
            send.Complete(with(JsonPayload.OfJson("""{"type":"function_call_output","call_id":"call_send","output":"{}"}""")));
        }

        var childTurn = child.StartTurn();
        using (var request = childTurn.StartModelRequest("gpt-5", with(JsonPayload.OfJson("""
            {"input":[{"type":"agent_message","author":"/root","recipient":"/root/worker","content":[{"type":"input_text","text":"dig"}]}]}
            """))))
        {
            request.Complete("resp_2", usage: null, with(JsonPayload.OfJson("""[{"type":"message","role":"assistant","phase":"final_answer","content":[{"type":"output_text","text":"dug"}]}]""")));
        }

        childTurn.Complete();
        session.ResultReceived(childTurn, "dug");
        using (var close = turn.StartToolCall(new() { Name = "close_agent", CallId = "call_close", Arguments = with(JsonPayload.OfJson("""{"target":"worker"}""")) }))
        {
            close.AgentClosed(child);
            close.Complete(with(JsonPayload.OfJson("""{"type":"function_call_output","call_id":"call_close","output":"{}"}""")));
        }

        child.Complete();
    }
}

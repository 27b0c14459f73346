using RolloutTrace.Bundle;

namespace RolloutTrace.Recorder.Tests;

/// <summary>
/// An agent that does anything in any order, also on what has ended, with few ids that it uses again and again: each number is
/// one step. What it sends to models is sound; what models and runtimes give it need not be.
/// </summary>
internal sealed class AnyAgent
{
    private static readonly string[] Ids = ["1", "2", "3"];

    private static readonly string[] ToolNames =
    [
        "exec_command", "write_stdin", "wait", "apply_patch", "web_search", "view_image", "spawn_agent", "send_message", "followup_task",
        "wait_agent", "close_agent", "interrupt_agent", "exec", "fetch", string.Empty,
    ];

    private static readonly string[] Arguments =
    [
        "{}", """{"session_id":1,"chars":"y"}""", """{"session_id":"2"}""", """{"session_id":{}}""", """{"cell_id":"1"}""", """{"cell_id":2}""",
        """{"message":"go"}""", """{"message":5}""", """{"cmd":"make"}""", "no json", "[]", "null", "\"text\"", "1e999", "{\"session_id\":3,\"chars\":null,\"yield_time_ms\":\"x\"}",
    ];

    private static readonly string[] Results =
    [
        """{"type":"function_call_output","call_id":"1","output":"ok"}""", """{"type":"function_call_output","call_id":"1","output":[{"type":"input_text","text":"ok"}]}""",
        """{"output":"ok","exit_code":1}""", """{"output":"ok","exit_code":"x"}""", "{}", "[]", "null", "7", "\"ok\"", string.Empty,
    ];

    private static readonly string[] Messages = ["hi", "go", "done"];

    private readonly List<AgentSession> sessions = [];
    private readonly List<Turn> turns = [];
    private readonly List<ModelRequest> requests = [];
    private readonly List<ToolCall> tools = [];
    private readonly List<CodeCell> cells = [];
    private readonly List<CommandRuntime> commands = [];
    private readonly List<ToolRuntime> runtimes = [];
    private readonly List<Compaction> compactions = [];
    private readonly List<CompactionRequest> compactionRequests = [];
    private int step;

    public void Run(AgentSession root, IEnumerable<int> steps)
    {
        sessions.Add(root);
        foreach (var number in steps)
        {
            step = number;
            Take();
        }
    }

    private void Take()
    {
        switch (Choose(39))
        {
            case 0: sessions.Add(Any(sessions)!.SpawnAgent(Id(), Flip() ? Any(tools) : null, new() { Message = Flip() ? "go" : null })); break;
            case 1 or 2 or 3: turns.Add(Any(sessions)!.StartTurn()); break;
            case 4 or 5: Request(); break;
            case 6: Any(requests)?.Complete(Flip() ? Id() : null, Flip() ? new TokenUsage(10, 5, 1, 0, 2) : null, JsonPayload.OfJson(Output())); break;
            case 7: Any(requests)?.Fail("overloaded", partialOutputItems: JsonPayload.OfJson(Output())); break;
            case 8: Any(requests)?.Cancel("not needed", JsonPayload.OfJson(Output())); break;
            case 9: Any(requests)?.Dispose(); break;
            case 10 or 11 or 12 or 13: Keep(tools, Any(turns)?.StartToolCall(Call())); break;
            case 14 or 15: Keep(tools, Any(cells)?.StartToolCall(Call())); break;
            case 16: Any(tools)?.Complete(JsonPayload.OfJson(Pick(Results))); break;
            case 17: Any(tools)?.Fail("broke", result: JsonPayload.OfJson(Pick(Results))); break;
            case 18: Any(tools)?.Cancel(null, JsonPayload.OfJson(Pick(Results))); break;
            case 19: Any(tools)?.Dispose(); break;
            case 20 or 21: Command(); break;
            case 22: Any(commands)?.TerminalAssigned(Id()); break;
            case 23: Any(commands)?.Exit(Choose(2), new() { Stdout = "out", Stderr = "err" }); break;
            case 24: Stdin(); break;
            case 25: Work(); break;
            case 26: End(Any(runtimes)); break;
            case 27: Any(tools)?.MessageSent(Any(sessions)!, Flip() ? "hi" : null); break;
            case 28: Any(tools)?.TaskAssigned(Any(sessions)!, Flip() ? "hi" : null); break;
            case 29: Any(tools)?.AgentClosed(Any(sessions)!); break;
            case 30: Any(tools)?.AssignMcpCallId(); break;
            case 31: Keep(cells, Any(turns)?.StartCodeCell(new() { CallId = Id(), Source = "x()", RuntimeCellId = Flip() ? Id() : null, CausedBy = Any(requests) })); break;
            case 32: Any(cells)?.Yielded(JsonPayload.OfJson(Pick(Results))); break;
            case 33: End(Any(cells)); break;
            case 34: Keep(compactions, Any(turns)?.StartCompaction()); break;
            case 35: Keep(compactionRequests, Any(compactions)?.StartRequest(JsonPayload.OfJson(RequestOf("/root")))); break;
            case 36: End(Any(compactionRequests), Any(compactions)); break;
            case 37:
                if (Any(turns) is { } told)
                {
                    Any(sessions)!.ResultReceived(told, Flip() ? "done" : "done, and more");
                }

                break;
            default: EndOfTurnOrSession(); break;
        }
    }

    private void Request()
    {
        if (Any(turns) is { } turn)
        {
            requests.Add(turn.StartModelRequest(Flip() ? "gpt-5" : null, JsonPayload.OfJson(RequestOf(turn.Session.AgentPath))));
        }
    }

    private void Command()
    {
        if (Any(tools)?.StartCommand(["make"], "/w", new() { TerminalId = Flip() ? Id() : null, Input = Flip() ? "y" : null }) is { } command)
        {
            commands.Add(command);
            runtimes.Add(command);
        }
    }

    private void Stdin()
    {
        if (Any(tools)?.StartStdinWrite(Id(), "y") is { } stdin)
        {
            runtimes.Add(stdin);
            if (Flip())
            {
                stdin.Complete("out", Flip() ? Choose(2) : null);
            }
        }
    }

    private void Work()
    {
        if (Any(tools) is not { } tool)
        {
            return;
        }

        switch (Choose(3))
        {
            case 0:
                var patch = tool.StartPatch(JsonPayload.OfJson(Pick(Results)));
                runtimes.Add(patch);
                if (Flip())
                {
                    patch.Complete();
                }

                break;
            case 1:
                var call = tool.StartMcpCall(JsonPayload.OfJson(Pick(Results)));
                runtimes.Add(call);
                if (Flip())
                {
                    call.Complete(JsonPayload.OfJson(Pick(Results)));
                }

                break;
            default:
                var work = tool.StartWork("http", JsonPayload.OfJson(Pick(Results)));
                runtimes.Add(work);
                if (Flip())
                {
                    work.Complete(JsonPayload.OfJson(Pick(Results)));
                }

                break;
        }
    }

    private void End(ToolRuntime? runtime)
    {
        switch (Choose(3))
        {
            case 0: runtime?.Fail("broke"); break;
            case 1: runtime?.Cancel("not needed"); break;
            default: runtime?.Dispose(); break;
        }
    }

    private void End(CodeCell? cell)
    {
        switch (Choose(4))
        {
            case 0: cell?.Complete(JsonPayload.OfJson(Pick(Results))); break;
            case 1: cell?.Fail("Error", JsonPayload.OfJson(Pick(Results))); break;
            case 2: cell?.Terminate(JsonPayload.OfJson(Pick(Results))); break;
            default: cell?.Dispose(); break;
        }
    }

    private void End(CompactionRequest? request, Compaction? compaction)
    {
        switch (Choose(6))
        {
            case 0: request?.Complete(Id(), usage: null, JsonPayload.OfJson(Output())); break;
            case 1: request?.Fail("overloaded"); break;
            case 2: request?.Cancel("not needed"); break;
            case 3: compaction?.Install(JsonPayload.OfJson(History("/root")), JsonPayload.OfJson(History("/root"))); break;
            case 4: compaction?.Fail(); break;
            default: compaction?.Dispose(); break;
        }
    }

    private void EndOfTurnOrSession()
    {
        switch (Choose(8))
        {
            case 0 or 1: Any(turns)?.Complete(); break;
            case 2: Any(turns)?.Fail("budget"); break;
            case 3: Any(turns)?.Cancel(); break;
            case 4: Any(turns)?.Dispose(); break;
            case 5: Any(sessions)!.ProtocolEventObserved("note", JsonPayload.OfJson(Pick(Results))); break;
            case 6 when Any(turns) is { } turn: Any(sessions)!.ResultReceived(turn, "done", Flip() ? ExecutionStatus.Completed : ExecutionStatus.Failed); break;
            case 7: Any(sessions)!.Complete(); break;
        }
    }

    private ToolCallOptions Call()
    {
        var name = Pick(ToolNames);
        return new()
        {
            Name = name,
            CallId = Flip() ? Id() : null,
            Arguments = Flip() ? System.Text.Json.Nodes.JsonValue.Create(Pick(Arguments)) : JsonPayload.OfJson(Pick(Arguments)),
            Input = Choose(4) switch { 0 => ToolInput.Custom("x"), 1 => ToolInput.LocalShell(["ls"], "/w"), _ => default },
            McpServer = Choose(5) == 0 ? "docs" : null,
            CausedBy = Flip() ? Any(requests) : null,
            WaitsFor = Flip() ? Any(cells) : null,
            CodeModeRuntimeToolId = Flip() ? Id() : null,
        };
    }

    private string RequestOf(string agentPath) => $$"""{"input":{{History(agentPath)}}}""";

    private string History(string agentPath) => $"[{string.Join(',', Enumerable.Range(0, Choose(4)).Select(_ => Item(agentPath)))}]";

    private string Output() => Flip() ? string.Empty : $"[{string.Join(',', Enumerable.Range(0, Choose(3)).Select(_ => Item("/root")))}]";

    private string Item(string agentPath) => Choose(8) switch
    {
        0 => """{"type":"message","role":"user","content":[{"type":"input_text","text":"go"}]}""",
        1 => """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"done"}]}""",
        2 => $$"""{"type":"function_call","call_id":"{{Id()}}","name":"exec_command","arguments":"{}"}""",
        3 => $$"""{"type":"function_call_output","call_id":"{{Id()}}","output":"ok"}""",
        4 => $$"""{"type":"custom_tool_call","call_id":"{{Id()}}","name":"exec","input":"x()"}""",
        5 or 6 => $$"""{"type":"agent_message","author":"{{Any(sessions)!.AgentPath}}","recipient":"{{agentPath}}","content":[{"type":"input_text","text":"{{Pick(Messages)}}"}]}""",
        _ => """{"type":"reasoning","summary":[],"encrypted_content":"e"}""",
    };

    private static void Keep<T>(List<T> all, T? one)
        where T : class
    {
        if (one is not null)
        {
            all.Add(one);
        }
    }

    private string Id() => Pick(Ids);

    private bool Flip() => Choose(2) == 0;

    private T Pick<T>(T[] from) => from[Choose(from.Length)];

    private T? Any<T>(List<T> from)
        where T : class => from.Count == 0 ? null : from[Choose(from.Count)];

    // The rest of the number decides the step's details, one after the other.
    private int Choose(int count)
    {
        var chosen = (int)((uint)step % (uint)count);
        step = unchecked((int)(((uint)step / (uint)count) * 2654435769u) + 12345);
        return chosen;
    }
}

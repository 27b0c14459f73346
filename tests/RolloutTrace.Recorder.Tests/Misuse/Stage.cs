namespace RolloutTrace.Recorder.Tests.Misuse;

/// <summary>A rollout with a running handle of each type, made anew for each call, and handles that have ended.</summary>
internal sealed class Stage(AgentSession session)
{
    private Stage? ended;

    public AgentSession Session { get; } = session;

    public Turn Turn => field ??= Session.StartTurn();

    public ModelRequest Request => field ??= Turn.StartModelRequest("gpt-5", JsonPayload.OfJson("""{"input":[]}"""));

    public ToolCall Tool => field ??= Turn.StartToolCall(new() { Name = "fetch" });

    public CodeCell Cell => field ??= Turn.StartCodeCell(new() { CallId = "cell", Source = "x()" });

    /// <summary>The same handles after their ends.</summary>
    public Stage Ended
    {
        get
        {
            if (ended is null)
            {
                ended = new Stage(Session.SpawnAgent("ended"));
                ended.End();
            }

            return ended;
        }
    }

    /// <summary>A running handle of the type, with a new one of each type above it that has to be running.</summary>
    public RolloutHandle New(Type type)
    {
        if (type == typeof(AgentSession))
        {
            return Session.SpawnAgent("worker");
        }

        var turn = Session.StartTurn();
        if (type == typeof(Turn))
        {
            return turn;
        }

        if (type == typeof(ModelRequest))
        {
            return turn.StartModelRequest("gpt-5", JsonPayload.OfJson("""{"input":[]}"""));
        }

        if (type == typeof(CodeCell))
        {
            return turn.StartCodeCell(new() { CallId = Guid.NewGuid().ToString(), Source = "x()" });
        }

        if (type == typeof(Compaction))
        {
            return turn.StartCompaction();
        }

        if (type == typeof(CompactionRequest))
        {
            return turn.StartCompaction().StartRequest(JsonPayload.OfJson("""{"input":[]}"""));
        }

        var tool = turn.StartToolCall(new() { Name = Name(type), Arguments = JsonPayload.OfJson("""{"message":"go"}""") });
        return type switch
        {
            _ when type == typeof(ToolCall) => tool,
            _ when type == typeof(CommandRuntime) => tool.StartCommand(["make"], "/w"),
            _ when type == typeof(StdinRuntime) => tool.StartStdinWrite("1", "y"),
            _ when type == typeof(PatchRuntime) => tool.StartPatch(JsonPayload.OfJson("{}")),
            _ when type == typeof(McpRuntime) => tool.StartMcpCall(JsonPayload.OfJson("{}")),
            _ when type == typeof(WorkRuntime) => tool.StartWork("http"),
            _ => throw new InvalidOperationException($"no handle of {type} can be made: add it here"),
        };
    }

    public void End()
    {
        Cell.Complete();
        Tool.Complete();
        Request.Complete("r", usage: null, JsonPayload.OfJson("[]"));
        Turn.Complete();
        Session.Complete();
    }

    private static string Name(Type type) => type == typeof(CommandRuntime) ? "exec_command" : type == typeof(ToolCall) ? "send_message" : "fetch";
}

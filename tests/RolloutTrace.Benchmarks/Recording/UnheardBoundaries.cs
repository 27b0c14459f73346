using System.Diagnostics;

namespace RolloutTrace.Benchmarks.Recording;

/// <summary>Every boundary, start and end, while nobody listens; beside them a plain span that nobody listens to.</summary>
internal static class UnheardBoundaries
{
    private static readonly ActivitySource Plain = new("RolloutTrace.Benchmarks.Unheard");
    private static readonly byte[] Payload = "{}"u8.ToArray();
    private static readonly string[] Command = ["bash", "-lc", "make"];
    private static readonly AgentSession Session = RolloutTracing.StartSession();
    private static readonly Turn Turn = Session.StartTurn();
    private static readonly ToolCall Tool = Turn.StartToolCall(new() { Name = "exec_command" });
    private static readonly Compaction Compacting = Turn.StartCompaction();

    /// <summary>Runs one of the boundaries so many times.</summary>
    public delegate void Repeat(int times);

    public static IReadOnlyList<(string Name, Repeat Run)> All { get; } =
    [
        ("session", Sessions),
        ("spawned session", SpawnedSessions),
        ("turn", Turns),
        ("model request", ModelRequests),
        ("compaction", Compactions),
        ("compaction request", CompactionRequests),
        ("tool call", ToolCalls),
        ("command", Commands),
        ("MCP call", McpCalls),
        ("code cell", CodeCells),
    ];

    public static void PlainSpans(int times)
    {
        for (var i = 0; i < times; i++)
        {
            Plain.StartActivity("plain")?.Dispose();
        }
    }

    private static void Sessions(int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var session = RolloutTracing.StartSession(new() { AgentPath = "/root", Model = "gpt-5-codex", ProviderName = "openai" });
            session.Complete();
        }
    }

    private static void SpawnedSessions(int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var session = Session.SpawnAgent("worker", Tool);
            session.Complete();
        }
    }

    private static void Turns(int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var turn = Session.StartTurn();
            turn.Complete();
        }
    }

    private static void ModelRequests(int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var request = Turn.StartModelRequest("gpt-5-codex", Payload);
            request.Complete("resp_1", new TokenUsage(1, 1), Payload);
        }
    }

    private static void Compactions(int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var compaction = Turn.StartCompaction();
            compaction.Install(Payload, Payload);
        }
    }

    private static void CompactionRequests(int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var request = Compacting.StartRequest(Payload);
            request.Complete("resp_1", new TokenUsage(1, 1), Payload);
        }
    }

    private static void ToolCalls(int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var tool = Turn.StartToolCall(new() { Name = "exec_command", CallId = "call_1", Arguments = Payload });
            tool.Complete(Payload);
        }
    }

    private static void Commands(int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var command = Tool.StartCommand(Command, "/");
            command.Exit(0, new() { Stdout = "out" });
        }
    }

    private static void McpCalls(int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var call = Tool.StartMcpCall(Payload);
            call.Complete(Payload);
        }
    }

    private static void CodeCells(int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var cell = Turn.StartCodeCell(new() { CallId = "call_1", Source = "1" });
            cell.Complete(Payload);
        }
    }
}

using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CodingAgent.Agents;
using CodingAgent.Model;
using CodingAgent.Tools;
using OpenAI.Responses;
using RolloutTrace;

namespace CodingAgent.CodeMode;

/// <summary>An agent's code-mode runtime: C# that its model writes.</summary>
internal sealed class CodeCells(Agent agent, string workspace) : IAsyncDisposable
{
    public const string ToolName = "exec";

    // Tools heed a termination, as fast as the machine lets them. Code may never do.
    private static readonly TimeSpan ToolsPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CodesPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan DefaultYield = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, RunningCell> cells = new(StringComparer.Ordinal);
    private int last;

    public static ResponseTool Definition { get; } = Wire.Tool(new JsonObject
    {
        ["type"] = "custom",
        ["name"] = ToolName,
        ["description"] =
            """
            Runs C# script; the input is the code and nothing else. It can await the other tools, as in
            var run = await tools.exec_command(new { cmd = "ls" }); text(run["output"]);
            with tools.exec_command, write_stdin, apply_patch, spawn_agent, send_message, followup_task, wait_agent and close_agent. text(value) adds to what you see. yield_control() gives you what there is while the script goes on; a script that takes long does so by itself. Then you get a cell id for wait. The path of the workspace is in `workspace`. Loops look at the token `cancelled`.
            """,
        ["format"] = new JsonObject { ["type"] = "text" },
    });

    /// <summary>Runs a cell until it yields or ends. Returns what the model gets.</summary>
    public async Task<string> SubmitAsync(Turn turn, ModelRequest? causedBy, ToolCallItem call, CancellationToken cancellation)
    {
        var id = Interlocked.Increment(ref last).ToString();
        var trace = turn.StartCodeCell(new() { CallId = call.CallId, Source = call.Input, RuntimeCellId = id, CausedBy = causedBy });
        var cell = cells[id] = new RunningCell(id, trace);
        cell.Start(call.Input, new CellTools((name, arguments) => cell.Calls(agent.Tools.RunNestedAsync(trace, name, arguments, cell.Cancelled))), workspace);
        try
        {
            return (await cell.WaitAsync(DefaultYield, cancellation)).Text;
        }
        catch (OperationCanceledException)
        {
            return cell.Terminate().Text;
        }
    }

    /// <exception cref="ToolException">There is none.</exception>
    public RunningCell Find(string id) => cells.TryGetValue(id, out var cell) ? cell : throw new ToolException($"There is no cell {id}.");

    /// <summary>Terminates what still runs, and gives it a moment to end what it has begun.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var cell in cells.Values)
        {
            cell.Terminate();
        }

        await Task.WhenAny(Task.WhenAll(cells.Values.Select(c => c.CallsEnded)), Task.Delay(ToolsPatience));
        await Task.WhenAny(Task.WhenAll(cells.Values.Select(c => c.Ended)), Task.Delay(CodesPatience));
    }
}

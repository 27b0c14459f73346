using CodingAgent.Tools;
using OpenAI.Responses;
using RolloutTrace;

namespace CodingAgent.CodeMode;

/// <summary>Waits for a cell that goes on, or ends it.</summary>
internal sealed class WaitTool(CodeCells cells) : Tool
{
    private const int DefaultYield = 30_000;

    public override string Name => "wait";

    public override ResponseTool Definition { get; } = Function(
        "wait",
        "Waits for a script that goes on in the background, and gives what it has written since you last heard of it.",
        new()
        {
            ["cell_id"] = Text("The script's cell id."),
            ["yield_time_ms"] = Number($"How long to wait; {DefaultYield} by default."),
            ["terminate"] = Flag("Ends the script instead."),
        },
        "yield_time_ms", "terminate");

    public override CodeCell? WaitsFor(ToolArguments arguments) => arguments.OptionalText("cell_id") is { } id ? cells.Find(id).Trace : null;

    public override async Task<ToolOutput> RunAsync(ToolCall call, ToolArguments arguments, CancellationToken cancellation)
    {
        var cell = cells.Find(arguments.Text("cell_id"));
        if (arguments.Flag("terminate"))
        {
            return new ToolOutput(cell.Terminate().Text);
        }

        var atMost = TimeSpan.FromMilliseconds(arguments.OptionalNumber("yield_time_ms") ?? DefaultYield);
        return new ToolOutput((await cell.WaitAsync(atMost, cancellation)).Text);
    }
}

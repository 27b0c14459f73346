using System.Diagnostics;
using CodingAgent.Helpers;
using OpenAI.Responses;
using RolloutTrace;

namespace CodingAgent.Tools.Agents;

/// <summary>Asks a helper that runs as a process of its own, and records a bundle of its own.</summary>
internal sealed class AskHelperTool(HelperCommand helper) : Tool
{
    public override string Name => "ask_helper";

    public override ResponseTool Definition { get; } = Function(
        "ask_helper",
        "Asks a helper, another agent with a model of its own, and waits for its answer. It sees the workspace, but not your conversation.",
        new() { ["message"] = Text("The question, with everything that the helper needs to know.") });

    public override async Task<ToolOutput> RunAsync(ToolCall call, ToolArguments arguments, CancellationToken cancellation)
    {
        var start = helper.ToStart();
        call.PassTo(start);
        using var process = Process.Start(start)!;
        try
        {
            await process.StandardInput.WriteAsync(arguments.Text("message").AsMemory(), cancellation);
            process.StandardInput.Close();
            var answer = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0 ? new ToolOutput(answer) : throw new ToolException($"The helper has failed: {answer}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}

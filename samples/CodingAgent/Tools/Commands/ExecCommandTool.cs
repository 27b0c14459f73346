using OpenAI.Responses;
using RolloutTrace;

namespace CodingAgent.Tools.Commands;

/// <summary>Runs a shell command.</summary>
internal sealed class ExecCommandTool(TerminalTable terminals, Workspace workspace) : Tool
{
    private const int DefaultYield = 10_000;

    public override string Name => "exec_command";

    public override ResponseTool Definition { get; } = Function(
        "exec_command",
        "Runs a command in a shell and gives its output. A command that has not ended after yield_time_ms goes on in the background, under the session id that you get.",
        new()
        {
            ["cmd"] = Text("The command, for sh."),
            ["workdir"] = Text("Where to run it; the workspace by default."),
            ["yield_time_ms"] = Number($"How long to wait for its end; {DefaultYield} by default."),
            ["max_output_tokens"] = Number("How much output you want; 10000 tokens by default."),
        },
        "workdir", "yield_time_ms", "max_output_tokens");

    public override async Task<ToolOutput> RunAsync(ToolCall call, ToolArguments arguments, CancellationToken cancellation)
    {
        string[] command = OperatingSystem.IsWindows() ? ["cmd", "/c", arguments.Text("cmd")] : ["sh", "-c", arguments.Text("cmd")];
        var directory = workspace.Resolve(arguments.OptionalText("workdir") ?? ".");
        var yield = TimeSpan.FromMilliseconds(arguments.OptionalNumber("yield_time_ms") ?? DefaultYield);
        var tokens = arguments.OptionalNumber("max_output_tokens");

        var terminal = Start(call, command, directory);
        int? exitCode;
        try
        {
            exitCode = await terminal.WaitAsync(yield, cancellation);
        }
        catch (OperationCanceledException)
        {
            await terminal.DisposeAsync();
            throw;
        }

        if (exitCode is null)
        {
            terminal.GoesOn();
            terminals.Keep(terminal);
        }

        var answer = terminal.Look(exitCode, tokens).Answer;
        if (exitCode is not null)
        {
            await terminal.DisposeAsync();
        }

        return answer;
    }

    private Terminal Start(ToolCall call, string[] command, string directory)
    {
        var runtime = call.StartCommand(command, directory);
        try
        {
            var process = TerminalProcess.Start(command, directory);
            runtime.ProcessStarted(process.Id);
            return terminals.Create(process, runtime);
        }
        catch (Exception e)
        {
            runtime.Fail(e);
            throw;
        }
    }
}

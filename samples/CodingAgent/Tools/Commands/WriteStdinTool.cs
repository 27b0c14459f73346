using OpenAI.Responses;
using RolloutTrace;

namespace CodingAgent.Tools.Commands;

/// <summary>Writes to a command that goes on, or looks at its output.</summary>
internal sealed class WriteStdinTool(TerminalTable terminals) : Tool
{
    private const int DefaultYield = 1000;

    public override string Name => "write_stdin";

    public override ResponseTool Definition { get; } = Function(
        "write_stdin",
        "Writes to the standard input of a command that runs in the background, and gives what it has written since you last looked.",
        new()
        {
            ["session_id"] = Number("The session id that exec_command gave."),
            ["chars"] = Text("What to write; nothing, to look only. A \\u0004 at the end closes the input."),
            ["yield_time_ms"] = Number($"How long to wait for the command's end; {DefaultYield} by default."),
            ["max_output_tokens"] = Number("How much output you want; 10000 tokens by default."),
        },
        "chars", "yield_time_ms", "max_output_tokens");

    public override async Task<ToolOutput> RunAsync(ToolCall call, ToolArguments arguments, CancellationToken cancellation)
    {
        var terminal = terminals.Find(arguments.Number("session_id"));
        var text = arguments.OptionalText("chars") ?? string.Empty;
        using var write = call.StartStdinWrite(terminal.SessionId.ToString(), text);
        try
        {
            if (text.Length > 0)
            {
                await terminal.WriteAsync(text, cancellation);
            }

            var exitCode = await terminal.WaitAsync(TimeSpan.FromMilliseconds(arguments.OptionalNumber("yield_time_ms") ?? DefaultYield), cancellation);
            var look = terminal.Look(exitCode, arguments.OptionalNumber("max_output_tokens"));
            write.Complete(look.Output, exitCode);
            if (exitCode is not null)
            {
                await terminals.RemoveAsync(terminal);
            }

            return look.Answer;
        }
        catch (OperationCanceledException)
        {
            write.Cancel("interrupted");
            throw;
        }
        catch (Exception e)
        {
            write.Fail(e);
            throw;
        }
    }
}

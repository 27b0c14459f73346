using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace RolloutTrace.Cli;

/// <summary>The usual help, followed by the command's examples and exit codes.</summary>
internal sealed class HelpWithExamplesAction : SynchronousCommandLineAction
{
    private readonly HelpAction help;

    public HelpWithExamplesAction(HelpAction help, CommandConsole console)
    {
        this.help = help;
        help.MaxWidth = console.Width;
    }

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is not IDocumentedCommand command)
        {
            return ExitCodes.Success;
        }

        output.WriteLine("Examples:");
        foreach (var (commandLine, meaning) in command.Examples)
        {
            output.WriteLine($"  {commandLine}");
            output.WriteLine($"      {meaning}");
        }

        output.WriteLine();
        output.WriteLine("Exit codes:");
        foreach (var (code, meaning) in command.ExitCodeMeanings)
        {
            output.WriteLine($"  {code,-3} {meaning}");
        }

        return ExitCodes.Success;
    }
}

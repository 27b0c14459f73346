using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace RolloutTrace.Cli;

/// <summary>The usual help, with a line for each command of a list, followed by the command's examples and exit codes.</summary>
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
        // A list of commands has room for a phrase of each; what a command's own help says begins with one.
        foreach (var listed in parseResult.CommandResult.Command.Subcommands)
        {
            listed.Description = FirstPhrase(listed.Description ?? "");
        }

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

    private static string FirstPhrase(string text)
    {
        var end = text.AsSpan().IndexOfAny(':', '.');
        return end < 0 ? text : $"{text[..end]}.";
    }
}

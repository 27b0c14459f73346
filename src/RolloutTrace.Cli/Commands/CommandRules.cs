using System.CommandLine;
using System.CommandLine.Parsing;

namespace RolloutTrace.Cli;

/// <summary>What a command line must obey beyond each option by itself.</summary>
internal static class CommandRules
{
    /// <summary>Adds a rule about options and arguments together.</summary>
    public static void AddRule(this Command command, Action<CommandResult> rule) => command.Validators.Add(result =>
    {
        try
        {
            rule(result);
        }
        catch (InvalidOperationException)
        {
            // A value that is missing or cannot be read. That is an error of its own, which the parser reports.
        }
    });
}

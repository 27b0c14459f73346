using System.CommandLine;

namespace RolloutTrace.Cli;

/// <summary>An option that is there or not. It takes no value: what follows it is an argument, even if it reads "true".</summary>
internal sealed class FlagOption : Option<bool>
{
    private static readonly char[] ValueSeparators = ['=', ':'];

    public FlagOption(string name, params string[] aliases)
        : base(name, aliases)
    {
        Arity = ArgumentArity.Zero;
    }

    /// <summary>What is wrong with a command line that gives a flag a value, which would pass for an argument; null if none does.</summary>
    public static string? WhyWrong(IReadOnlyList<string> arguments, Command command)
    {
        foreach (var argument in arguments.TakeWhile(static argument => argument != "--"))
        {
            if (argument.IndexOfAny(ValueSeparators) is var end and > 0
                && command.Options.OfType<FlagOption>().Any(flag => flag.Name == argument[..end] || flag.Aliases.Contains(argument[..end])))
            {
                return $"{argument[..end]} takes no value, not '{argument[(end + 1)..]}'.";
            }
        }

        return null;
    }
}

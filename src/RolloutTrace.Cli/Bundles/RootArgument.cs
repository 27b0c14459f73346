using System.CommandLine;

namespace RolloutTrace.Cli;

/// <summary>The directory below which a server finds its bundles: an argument, or the usual one.</summary>
internal static class RootArgument
{
    public static Argument<string?> Create() => new("root")
    {
        Description = $"The directory with bundles at any depth below it. Default: the one that {RolloutRoot.Variable} names, else {RolloutRoot.Default}. It need not be there yet.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>The option for those who serve.</summary>
    public static FlagOption CreateJoined() => new("--joined") { Description = "Show the bundles of several processes that belong together as one rollout, as 'rollout-trace join' makes it; what appears meanwhile too." };

    /// <summary>The directory that the command line means; null, and said why, if that is a file.</summary>
    public static string? Directory(this Argument<string?> root, ParseResult arguments, CommandConsole console)
    {
        var directory = arguments.GetValue(root) ?? new RolloutRoot(console.Environment).Directory;
        if (!File.Exists(directory))
        {
            return directory;
        }

        console.Tell($"error: {directory}: is a file; give the directory that bundles lie in");
        return null;
    }
}

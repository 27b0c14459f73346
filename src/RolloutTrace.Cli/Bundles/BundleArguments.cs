using System.CommandLine;

namespace RolloutTrace.Cli;

/// <summary>The bundles that a command reads: paths, and <c>--joined</c> for those of several processes as one. A command that has this has both.</summary>
internal sealed class BundleArguments(ArgumentArity arity)
{
    private readonly Argument<string[]> paths = PathArguments.CreateBundles(arity);
    private readonly FlagOption joined = new("--joined") { Description = "Join the bundles first, as 'rollout-trace join' does: those of several processes are read as one rollout." };

    /// <summary>What the paths are, in help.</summary>
    public string? Description
    {
        get => paths.Description;
        set => paths.Description = value;
    }

    /// <summary>What the option does, in help, where it does it for each path.</summary>
    public string? JoinedDescription
    {
        get => joined.Description;
        set => joined.Description = value;
    }

    /// <summary>Adds the paths and the option.</summary>
    public void AddTo(Command command)
    {
        AddPathsTo(command);
        AddJoinedTo(command);
    }

    /// <summary>Adds the paths alone, where the option has another place among a command's own.</summary>
    public void AddPathsTo(Command command) => command.Add(paths);

    /// <summary>Adds the option.</summary>
    public void AddJoinedTo(Command command) => command.Add(joined);

    /// <summary>The paths as they are given.</summary>
    public IReadOnlyList<string> Given(ParseResult arguments) => arguments.GetRequiredValue(paths);

    /// <summary>Whether they are to be joined.</summary>
    public bool AreJoined(ParseResult arguments) => arguments.GetValue(joined);

    /// <summary>Whether they are to be joined, for rules about the command line.</summary>
    public bool AreJoined(System.CommandLine.Parsing.CommandResult command) => command.GetValue(joined);

    /// <summary>The bundles of all paths, or the one that they give together.</summary>
    public JoinedBundles Read(CommandConsole console, ParseResult arguments, bool withHint = true) => Read(console, arguments, Given(arguments), withHint);

    /// <summary>The bundles of some of the paths, or the one that these give together.</summary>
    /// <param name="console">Is told what stays apart.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="some">The paths.</param>
    /// <param name="withHint">Whether people are told what else belongs to a single bundle.</param>
    public JoinedBundles Read(CommandConsole console, ParseResult arguments, IReadOnlyList<string> some, bool withHint = true)
    {
        var found = console.FindBundles(some);
        return AreJoined(arguments) ? JoinedBundles.Join(console, found, NameOf(some))
            : withHint ? JoinedBundles.WithHint(console, found)
            : JoinedBundles.AsTheyAre(found);
    }

    private static string NameOf(IReadOnlyList<string> some) => some.Count == 1 ? some[0] : $"{some[0]} and {some.Count - 1} more";
}

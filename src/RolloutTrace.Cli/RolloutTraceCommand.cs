using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace RolloutTrace.Cli;

/// <summary>The root of the command line.</summary>
internal sealed class RolloutTraceCommand : RootCommand
{
    private const string Purpose =
        "Rebuilds an LLM agent's rollout from its bundle, and answers questions of it.";

    private static readonly KnownCommand[] All =
    [
        new("reduce", static console => new ReduceCommand(console)),
        new("list", static console => new ListCommand(console)),
        new("inspect", static console => new InspectCommand(console)),
        new("anomalies", static console => new AnomaliesCommand(console)),
        new("view", static console => new ViewCommand(console)),
        new("serve", static console => new ServeCommand(console)),
        new("transcript", static console => new TranscriptCommand(console)),
        new("context", static console => new ContextCommand(console)),
        new("cache", static console => new CacheCommand(console)),
        new("explain", static console => new ExplainCommand(console)),
        new("grep", static console => new GrepCommand(console)),
        new("diff", static console => new DiffCommand(console)),
        new("replay", static console => new ReplayCommand(console)),
        new("validate", static console => new ValidateCommand(console)),
        new("redact", static console => new RedactCommand(console)),
        new("scrub", static console => new ScrubCommand(console)),
        new("join", static console => new JoinCommand(console)),
        new("pack", static console => new PackCommand(console)),
        new("unpack", static console => new UnpackCommand(console)),
        new("push", static console => new PushCommand(console)),
        new("work", static console => new WorkCommand(console)),
        new("export", static console => new ExportCommand(console)),
        new("query", static console => new QueryLakeCommand(console)),
        new("lake", static console => new LakeCommand(console)),
        new("import", static console => new ImportCommand(console)),
        new("collect", static console => new CollectCommand(console)),
        new("mcp", static console => new McpCommand(console)),
        new("completion", static console => new CompletionCommand(console)),
    ];

    /// <param name="console">What commands read and write.</param>
    /// <param name="only">The one command that is wanted; null for all.</param>
    internal RolloutTraceCommand(CommandConsole console, string? only = null)
        : base(Purpose)
    {
        HelpName = "rollout-trace";
        foreach (var known in All)
        {
            if (only is null || known.Name == only)
            {
                Add(known.Make(console));
            }
        }

        // The library's own also has the names that options have on Windows, which completion would offer everywhere.
        Options.Remove(Options.OfType<HelpOption>().Single());
        var help = new HelpOption("--help", "-h");
        help.Action = new HelpWithExamplesAction((HelpAction)help.Action!, console);
        Add(help);
    }

    /// <summary>Runs a whole command line and gives its exit code.</summary>
    public static int Run(string[] args, CommandConsole console)
    {
        // Making the others with all their options would take a quarter of the time of a small command.
        var root = new RolloutTraceCommand(console, args is [var first, ..] && Array.Exists(All, known => known.Name == first) ? first : null);
        var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        if (FlagOption.WhyWrong(args, parsed.CommandResult.Command) is { } wrong)
        {
            console.Tell(wrong);
            console.Tell("");
            console.Tell($"See '{NameOf(parsed.CommandResult)} --help'.");
            return ExitCodes.Usage;
        }

        if (parsed.Action is ParseErrorAction && WhyNoCommand(parsed.CommandResult.Command, args) is { } unknown)
        {
            console.Tell(unknown);
            console.Tell("");
            console.Tell($"See '{NameOf(parsed.CommandResult)} --help'.");
            return ExitCodes.Usage;
        }

        var misused = parsed.Action is ParseErrorAction || args.Length == 0;
        if (parsed.Action is ParseErrorAction usage)
        {
            usage.ShowHelp = false;
        }

        var exitCode = parsed.Invoke(new InvocationConfiguration
        {
            Output = misused && args.Length > 0 ? console.Error : console.Out,
            Error = console.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
        if (!misused)
        {
            return exitCode;
        }

        if (args.Length > 0)
        {
            console.Tell($"See '{NameOf(parsed.CommandResult)} --help'.");
        }

        return ExitCodes.Usage;
    }

    // Where a command is wanted, its name comes first.
    private static string? WhyNoCommand(Command command, string[] args)
    {
        var depth = command.Parents.Any() ? 1 : 0;
        if (command.Subcommands.Count == 0 || args.Length <= depth || args[depth].StartsWith('-') || args[depth].StartsWith('['))
        {
            return null;
        }

        var meant = Suggestions.Of(args[depth], command.Subcommands.Select(static known => known.Name));
        return $"There is no command '{args[depth]}'.{(meant is null ? "" : $" Did you mean '{meant}'?")}";
    }

    private static string NameOf(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{NameOf(parent)} {command.Command.Name}" : "rollout-trace";

    // What a command is called, and how it is made.
    private sealed record KnownCommand(string Name, Func<CommandConsole, Command> Make);
}

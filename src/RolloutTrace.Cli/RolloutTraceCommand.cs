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

    internal RolloutTraceCommand(CommandConsole console)
        : base(Purpose)
    {
        HelpName = "rollout-trace";
        Add(new ReduceCommand(console));
        Add(new ListCommand(console));
        Add(new InspectCommand(console));
        Add(new AnomaliesCommand(console));
        Add(new ViewCommand(console));
        Add(new ServeCommand(console));
        Add(new TranscriptCommand(console));
        Add(new ContextCommand(console));
        Add(new CacheCommand(console));
        Add(new ExplainCommand(console));
        Add(new GrepCommand(console));
        Add(new DiffCommand(console));
        Add(new ReplayCommand(console));
        Add(new ValidateCommand(console));
        Add(new RedactCommand(console));
        Add(new ScrubCommand(console));
        Add(new JoinCommand(console));
        Add(new PackCommand(console));
        Add(new UnpackCommand(console));
        Add(new PushCommand(console));
        Add(new WorkCommand(console));
        Add(new ExportCommand(console));
        Add(new QueryLakeCommand(console));
        Add(new LakeCommand(console));
        Add(new ImportCommand(console));
        Add(new CollectCommand(console));
        Add(new McpCommand(console));
        Add(new CompletionCommand(console));

        // The library's own also has the names that options have on Windows, which completion would offer everywhere.
        Options.Remove(Options.OfType<HelpOption>().Single());
        var help = new HelpOption("--help", "-h");
        help.Action = new HelpWithExamplesAction((HelpAction)help.Action!, console);
        Add(help);
    }

    /// <summary>Runs a whole command line and gives its exit code.</summary>
    public static int Run(string[] args, CommandConsole console)
    {
        var root = new RolloutTraceCommand(console);
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
}

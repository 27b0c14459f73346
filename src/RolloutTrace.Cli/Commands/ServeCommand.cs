using System.CommandLine;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace serve</c>: rollouts in the browser, as they go on.</summary>
internal sealed class ServeCommand : Command, IDocumentedCommand
{
    private readonly CommandConsole console;
    private readonly Argument<string?> root = RootArgument.Create();
    private readonly FlagOption joined = RootArgument.CreateJoined();
    private readonly Option<int> port = ServedCommand.CreatePort();

    public ServeCommand(CommandConsole console)
        : base("serve", "Show rollouts in the browser as they go on: the list of those below a directory, and the page of each, which follows a rollout that is running. It listens on this machine alone, and prints an address with a secret in it, which the browser needs. Nothing can be changed there. Ctrl+C ends it.")
    {
        this.console = console;
        Add(root);
        Add(port);
        Add(joined);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace serve", "those in the usual directory"),
        ("rollout-trace serve --joined", "rollouts over several processes as one each, with a lane for each process"),
        ("rollout-trace serve rollout-traces --port 8123", "those in a directory, at a port of your choice"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "it was told to end"),
        (ExitCodes.Failure, "the root is a file, or the port cannot be listened on"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    private int Run(ParseResult arguments)
    {
        if (root.Directory(arguments, console) is not { } directory)
        {
            return ExitCodes.Failure;
        }

        using var catalog = new RolloutCatalog(directory, arguments.GetValue(joined));
        if (catalog.WhyMissing is { } missing)
        {
            console.Tell($"{missing}; they are shown as soon as they are there");
        }

        return ServedCommand.Run(
            console, arguments.GetValue(port), stop => RolloutServer.Run(catalog, arguments.GetValue(port), console.Time, console.WritePath, stop));
    }
}

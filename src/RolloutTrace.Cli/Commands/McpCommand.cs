using System.CommandLine;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace mcp</c>: the questions as tools for a coding agent.</summary>
internal sealed class McpCommand : Command, IDocumentedCommand
{
    private readonly CommandConsole console;
    private readonly Argument<string?> root = RootArgument.Create();

    private readonly FlagOption joined = RootArgument.CreateJoined();

    public McpCommand(CommandConsole console)
        : base("mcp", "Answer a coding agent's questions: a server of the Model Context Protocol on standard input and output, with the tools list, inspect, anomalies, transcript, explain, grep, context and cache. It reads bundles below one directory, follows no links there, writes nothing, and ends when standard input is closed.")
    {
        this.console = console;
        Add(root);
        Add(joined);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace mcp /home/ada/rollout-traces", "what a client is configured to run"),
        ("rollout-trace mcp /home/ada/rollout-traces --joined", "with rollouts over several processes as one each"),
        ("claude mcp add rollouts -- rollout-trace mcp /home/ada/rollout-traces", "tells Claude Code so"),
    ];

    /// <inheritdoc/>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodeMeanings =>
    [
        (ExitCodes.Success, "standard input was closed"),
        (ExitCodes.Failure, "the root is a file"),
        (ExitCodes.Usage, "wrong usage; nothing was done"),
    ];

    private int Run(ParseResult arguments)
    {
        if (root.Directory(arguments, console) is not { } directory)
        {
            return ExitCodes.Failure;
        }

        using var catalog = new RolloutCatalog(directory, arguments.GetValue(joined));
        McpServing.Run(new ServedRollouts(catalog, console.Time), Program.Version);
        return ExitCodes.Success;
    }
}

using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;

namespace RolloutTrace.Cli;

/// <summary><c>rollout-trace serve</c>: rollouts in the browser, as they go on.</summary>
internal sealed class ServeCommand : Command, IDocumentedCommand
{
    private const int MostPort = 65535;

    private readonly CommandConsole console;
    private readonly Argument<string?> root = RootArgument.Create();

    private readonly Option<int> port = new("--port") { Description = "The port to listen on. Default: any that is free.", HelpName = "N" };

    public ServeCommand(CommandConsole console)
        : base("serve", "Show rollouts in the browser as they go on: the list of those below a directory, and the page of each, which follows a rollout that is running. It listens on this machine alone, and prints an address with a secret in it, which the browser needs. Nothing can be changed there. Ctrl+C ends it.")
    {
        this.console = console;
        port.CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= MostPort)
            {
                return number;
            }

            result.AddError($"--port takes a number from 0 to {MostPort}, not '{text}'.");
            return 0;
        };
        Add(root);
        Add(port);
        SetAction(Run);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string CommandLine, string Meaning)> Examples =>
    [
        ("rollout-trace serve", "those in the usual directory"),
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

        using var stop = new CancellationTokenSource();
        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        try
        {
            RolloutServer.Run(new RolloutCatalog(directory), arguments.GetValue(port), console.Time, console.WritePath, stop.Token).GetAwaiter().GetResult();
        }
        catch (IOException e) when (console.OutputFailure is null)
        {
            console.Tell($"error: port {arguments.GetValue(port)}: cannot be listened on: {(e.InnerException ?? e).Message}");
            return ExitCodes.Failure;
        }

        return ExitCodes.Success;
    }
}

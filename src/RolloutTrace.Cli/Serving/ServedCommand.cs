using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;

namespace RolloutTrace.Cli;

/// <summary>What commands have in common that serve until Ctrl+C.</summary>
internal static class ServedCommand
{
    private const int MostPort = 65535;

    public static Option<int> CreatePort()
    {
        var port = new Option<int>("--port") { Description = "The port to listen on. Default: any that is free.", HelpName = "N" };
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
        return port;
    }

    /// <summary>Serves until the process is told to end, and gives the exit code.</summary>
    /// <param name="console">Told if the port cannot be listened on.</param>
    /// <param name="port">The port.</param>
    /// <param name="serve">Serves until the token says so.</param>
    public static int Run(CommandConsole console, int port, Func<CancellationToken, Task> serve)
    {
        try
        {
            UntilToldToEnd(serve);
            return ExitCodes.Success;
        }
        catch (IOException e) when (console.OutputFailure is null)
        {
            console.Tell($"error: port {port}: cannot be listened on: {(e.InnerException ?? e).Message}");
            return ExitCodes.Failure;
        }
    }

    /// <summary>Runs what runs until a signal ends it.</summary>
    /// <param name="run">Runs until the token says so.</param>
    public static void UntilToldToEnd(Func<CancellationToken, Task> run)
    {
        using var stop = new CancellationTokenSource();
        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        run(stop.Token).GetAwaiter().GetResult();
    }
}

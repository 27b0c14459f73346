using System.Reflection;
using RolloutTrace.Bundle;

namespace RolloutTrace.Cli;

internal static class Program
{
    private const int BrokenPipe = 32;

    public static int Main(string[] args)
    {
        FileSizeSignal.Handle();
        using var console = CommandConsole.ForProcess();
        try
        {
            var exitCode = Run(args, console);
            console.Out.Flush();
            return exitCode;
        }
        catch (Exception) when (console.OutputFailure is not null)
        {
            if (!IsClosedPipe(console.OutputFailure))
            {
                console.Tell($"error: standard output cannot be written: {SystemWords.Of(console.OutputFailure)}");
            }

            return ExitCodes.Failure;
        }
    }

    // Whoever read it has had enough, and knows that.
    private static bool IsClosedPipe(IOException failure) => failure.HResult == BrokenPipe && !OperatingSystem.IsWindows();

    private static int Run(string[] args, CommandConsole console)
    {
        if (args is not ["--version"])
        {
            return RolloutTraceCommand.Run(args, console);
        }

        // Asked for by scripts at every start of theirs: answered before the command line is even built.
        console.Out.WriteLine(Version);
        return ExitCodes.Success;
    }

    /// <summary>The package's version, without the revision that the compiler appends.</summary>
    internal static string Version =>
        typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}

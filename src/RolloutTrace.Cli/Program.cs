using System.Reflection;

namespace RolloutTrace.Cli;

internal static class Program
{
    public static int Main(string[] args)
    {
        using var console = CommandConsole.ForProcess();
        if (args is ["--version"])
        {
            // Asked for by scripts at every start of theirs: answered before the command line is even built.
            console.Out.WriteLine(Version);
            return ExitCodes.Success;
        }

        using var limit = FileSizeSignal.Handle();
        return RolloutTraceCommand.Run(args, console);
    }

    /// <summary>The package's version, without the revision that the compiler appends.</summary>
    private static string Version =>
        typeof(Program).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}

using System.Runtime.InteropServices;

namespace RolloutTrace.Cli;

/// <summary>
/// The signal that comes when a file grows over the process's limit, and by default ends the process without a word. Handled, the
/// write fails instead, and the command says so.
/// </summary>
internal static class FileSizeSignal
{
    // SIGXFSZ has this number on Linux, macOS and FreeBSD.
    private const PosixSignal Signal = (PosixSignal)25;

    // Never given back: a signal is handled some time after its write has failed, and one that nobody handles any longer ends the
    // process after all.
    private static IDisposable? registration;

    /// <summary>From now on it does not end the process.</summary>
    public static void Handle()
    {
        if (!OperatingSystem.IsWindows())
        {
            registration ??= PosixSignalRegistration.Create(Signal, static context => context.Cancel = true);
        }
    }
}

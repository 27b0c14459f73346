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

    /// <summary>Until the result is disposed of it does not end the process. Null where there is no such signal.</summary>
    public static IDisposable? Handle() =>
        OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(Signal, static context => context.Cancel = true);
}

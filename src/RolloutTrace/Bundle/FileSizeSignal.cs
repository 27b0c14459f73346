using System.Runtime.InteropServices;

namespace RolloutTrace.Bundle;

/// <summary>
/// The signal that comes when a file grows over the process's limit. By default it ends the process. Once it is handled the write
/// fails instead, as on a full disk, which is what those who write here expect.
/// </summary>
public static class FileSizeSignal
{
    // SIGXFSZ has this number on Linux, macOS and FreeBSD.
    private const PosixSignal Signal = (PosixSignal)25;

    // Kept for the life of the process: writers do not end together. A handler, and not "ignored", since programs that the process
    // starts would inherit that.
    private static readonly PosixSignalRegistration? Registration = Register();

    /// <summary>From now on it does not end the process. Does nothing where there is no such signal.</summary>
    public static void Handle() => GC.KeepAlive(Registration);

    private static PosixSignalRegistration? Register()
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        try
        {
            return PosixSignalRegistration.Create(Signal, static context => context.Cancel = true);
        }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException or ArgumentException)
        {
            return null;
        }
    }
}

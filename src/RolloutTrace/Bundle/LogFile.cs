using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace RolloutTrace.Bundle;

/// <summary>
/// Opens files of a bundle for writing. On Linux all that is written to a log goes to its end: whatever somebody does to it
/// between a look at it and a write, there is no hole. A link is not followed there.
/// </summary>
internal static class LogFile
{
    private const int WriteOnly = 0x1;
    private const int AtItsEnd = 0x400;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int Interrupted = 4;

    // The one flag here that differs between the two.
    private static readonly int NoFollow = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    /// <summary>Opens a log that exists.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static SafeFileHandle OpenAtEnd(string path) => Open(path, WriteOnly | AtItsEnd);

    /// <summary>Opens a file that exists, to write anywhere in it.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static SafeFileHandle OpenInPlace(string path) => Open(path, WriteOnly);

    private static SafeFileHandle Open(string path, int flags)
    {
        if (!NativeFile.IsSupported)
        {
            return PrivateFile.OpenExisting(path);
        }

        var name = Encoding.UTF8.GetBytes(path + '\0');
        while (true)
        {
            var file = Open(ref MemoryMarshal.GetArrayDataReference(name), flags | NoFollow | NonBlocking | CloseOnExec);
            if (file >= 0)
            {
                return new SafeFileHandle(file, ownsHandle: true);
            }

            if (Marshal.GetLastPInvokeError() is var error and not Interrupted)
            {
                throw NativeFile.Failure(path, error);
            }
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open(ref byte path, int flags);
}

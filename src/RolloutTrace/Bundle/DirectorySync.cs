using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace RolloutTrace.Bundle;

/// <summary>Has the device keep what the system has taken.</summary>
internal static class DirectorySync
{
    private const int DirectoryOnly = 0x10000;
    private const int DirectoryOnlyArm = 0x4000;
    private const int CloseOnExec = 0x80000;
    private const int Interrupted = 4;
    private const int NotSupported = 22;
    private const int ReadOnlyFileSystem = 30;
    private const int NotSupportedEither = 95;

    /// <summary>A file's content.</summary>
    /// <exception cref="IOException">The device did not keep it.</exception>
    public static void File(string path)
    {
        using var file = System.IO.File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        Content(file, path);
    }

    /// <summary>
    /// A file's content, as far as it was written. The library's own way says nothing of a device that did not keep it: on Linux it takes the answer of the system for none that fails.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="path">What it is called, for the message.</param>
    /// <exception cref="IOException">The device did not keep it.</exception>
    public static void Content(SafeFileHandle file, string path)
    {
        if (!NativeFile.IsSupported)
        {
            RandomAccess.FlushToDisk(file);
            return;
        }

        int error;
        do
        {
            error = Synchronise(file) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
        while (error == Interrupted);

        // Nothing is there to be kept where it is not supported.
        if (error is not (0 or NotSupported or ReadOnlyFileSystem or NotSupportedEither))
        {
            throw NativeFile.Failure(path, error);
        }
    }

    /// <summary>The names in a directory, where the system has a way to ask for that.</summary>
    /// <exception cref="IOException">The device did not keep them.</exception>
    public static void Names(string directory)
    {
        if (!NativeFile.IsSupported)
        {
            return;
        }

        var name = Encoding.UTF8.GetBytes(directory + '\0');
        var flag = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? DirectoryOnlyArm : DirectoryOnly;
        using var handle = new SafeFileHandle(Open(ref MemoryMarshal.GetArrayDataReference(name), flag | CloseOnExec), ownsHandle: true);
        if (handle.IsInvalid || (Synchronise(handle) != 0 && Marshal.GetLastPInvokeError() != NotSupported))
        {
            throw NativeFile.Failure(directory, Marshal.GetLastPInvokeError());
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open(ref byte path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Synchronise(SafeFileHandle file);
}

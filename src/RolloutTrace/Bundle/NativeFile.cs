using System.Runtime.InteropServices;
using System.Text;

namespace RolloutTrace.Bundle;

/// <summary>
/// Creates a file on Linux with three system calls: open, write, close. The library's way of doing it adds five (which file
/// system is it, lock, seek twice, unlock), a stream and a handle; for files of a kilobyte that is as much work again.
/// </summary>
internal static class NativeFile
{
    // The same numbers on all of Linux's 64-bit architectures that the library supports.
    private const int WriteOnly = 0x1;
    private const int Create = 0x40;
    private const int Exclusive = 0x80;
    private const int CloseOnExec = 0x80000;
    private const uint Mode0600 = 0x180;

    private const int MaxPathOnStack = 512;
    private const int Interrupted = 4;

    public static bool IsSupported { get; } =
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    /// <summary>Creates a file of mode 0600, less what the umask takes, with the whole content.</summary>
    /// <exception cref="IOException">It cannot be written, or exists. Of a file that could be created only, nothing is left.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission.</exception>
    public static void WriteNew(ReadOnlySpan<char> path, ReadOnlySpan<byte> content)
    {
        var file = OpenNew(path);
        var error = WriteAll(file, content);

        // Some file systems say only now that there was no room.
        if (Close(file) != 0 && error == 0 && Marshal.GetLastPInvokeError() is var late and not Interrupted)
        {
            error = late;
        }

        if (error != 0)
        {
            BestEffort.DeleteFile(path.ToString());
            throw Failure(path, error);
        }
    }

    private static int OpenNew(ReadOnlySpan<char> path)
    {
        var length = Encoding.UTF8.GetMaxByteCount(path.Length) + 1;
        Span<byte> name = length <= MaxPathOnStack ? stackalloc byte[MaxPathOnStack] : new byte[length];
        name[Encoding.UTF8.GetBytes(path, name)] = 0;
        while (true)
        {
            var file = Open(ref MemoryMarshal.GetReference(name), WriteOnly | Create | Exclusive | CloseOnExec, Mode0600);
            if (file >= 0)
            {
                return file;
            }

            if (Marshal.GetLastPInvokeError() is var error and not Interrupted)
            {
                throw Failure(path, error);
            }
        }
    }

    private static int WriteAll(int file, ReadOnlySpan<byte> content)
    {
        while (content.Length > 0)
        {
            var written = Write(file, ref MemoryMarshal.GetReference(content), content.Length);
            if (written >= 0)
            {
                content = content[(int)written..];
            }
            else if (Marshal.GetLastPInvokeError() is var error and not Interrupted)
            {
                return error;
            }
        }

        return 0;
    }

    // The types are those that the library throws for the same errors.
    private static Exception Failure(ReadOnlySpan<char> path, int error)
    {
        var message = $"{Marshal.GetPInvokeErrorMessage(error)} : '{path}'";
        return error switch
        {
            2 => new DirectoryNotFoundException(message), // ENOENT
            1 or 13 => new UnauthorizedAccessException(message), // EPERM, EACCES
            _ => new IOException(message, error),
        };
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open(ref byte path, int flags, uint mode);

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    private static extern nint Write(int file, ref byte buffer, nint count);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int file);
}

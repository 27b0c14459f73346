using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace RolloutTrace.Bundle;

/// <summary>
/// Creates a file on Linux with three system calls: open, write, close; and reads one with four: open, seek to learn its
/// length, read, close. The library makes about five more calls, a stream and a handle, which doubles the work for files of a
/// kilobyte.
/// </summary>
internal static class NativeFile
{
    // The same numbers on all of Linux's 64-bit architectures that the library supports.
    private const int ReadOnly = 0x0;
    private const int WriteOnly = 0x1;
    private const int Create = 0x40;
    private const int Exclusive = 0x80;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const uint Mode0600 = 0x180;

    // The one flag here that differs between the two.
    private static readonly int NoFollow = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    private const int SeekEnd = 2;
    private const int MaxPathOnStack = 512;
    private const int Interrupted = 4;

    public static bool IsSupported { get; } =
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    /// <summary>Creates a file of mode 0600, less what the umask takes, with the whole content.</summary>
    /// <exception cref="IOException">It cannot be written, or exists. Of a file that could be created only, nothing is left.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission.</exception>
    public static void WriteNew(ReadOnlySpan<char> path, ReadOnlySpan<byte> first, ReadOnlySpan<byte> rest)
    {
        var file = OpenNew(path);
        var error = WriteAll(file, first);
        if (error == 0)
        {
            error = WriteAll(file, rest);
        }

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

    /// <summary>
    /// The whole content of a file in a pooled buffer. A pipe or a device, which may never answer, is not waited for.
    /// </summary>
    /// <returns>
    /// False if it cannot be had for any reason, among them: it is a symbolic link, or longer than <paramref name="limit"/>.
    /// </returns>
    public static bool TryRead(ReadOnlySpan<char> path, int limit, [NotNullWhen(true)] out PayloadBytes? content)
    {
        content = null;
        if (OpenToRead(path) is not { } file)
        {
            return false;
        }

        if (Seek(file, 0, SeekEnd) is var length and >= 0 && length <= limit)
        {
            content = ReadAll(file, (int)length);
        }

        _ = Close(file);
        return content is not null;
    }

    /// <summary>The first bytes of a file, fewer if it has no more, in a pooled buffer; as <see cref="TryRead"/>.</summary>
    public static bool TryReadHead(ReadOnlySpan<char> path, int count, [NotNullWhen(true)] out PayloadBytes? content)
    {
        content = null;
        if (OpenToRead(path) is not { } file)
        {
            return false;
        }

        content = ReadAll(file, count);
        _ = Close(file);
        return content is not null;
    }

    // A file that is shorter by now is given as it is.
    private static PayloadBytes? ReadAll(int file, int length)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(length, 1));
        var read = 0;
        while (read < length)
        {
            var n = ReadAt(file, ref buffer[read], length - read, read);
            if (n > 0)
            {
                read += (int)n;
            }
            else if (n == 0)
            {
                break;
            }
            else if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                return null;
            }
        }

        return new PayloadBytes(buffer, read);
    }

    private static int? OpenToRead(ReadOnlySpan<char> path) =>
        Open(path, ReadOnly | NoFollow | NonBlocking | CloseOnExec) is var file and >= 0 ? file : null;

    private static int OpenNew(ReadOnlySpan<char> path)
    {
        var file = Open(path, WriteOnly | Create | Exclusive | CloseOnExec);
        return file >= 0 ? file : throw Failure(path, Marshal.GetLastPInvokeError());
    }

    private static int Open(ReadOnlySpan<char> path, int flags)
    {
        var length = Encoding.UTF8.GetMaxByteCount(path.Length) + 1;
        Span<byte> name = length <= MaxPathOnStack ? stackalloc byte[MaxPathOnStack] : new byte[length];
        name[Encoding.UTF8.GetBytes(path, name)] = 0;
        while (true)
        {
            var file = Open(ref MemoryMarshal.GetReference(name), flags, Mode0600);
            if (file >= 0 || Marshal.GetLastPInvokeError() != Interrupted)
            {
                return file;
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
    internal static Exception Failure(ReadOnlySpan<char> path, int error)
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

    [DllImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static extern long Seek(int file, long offset, int origin);

    [DllImport("libc", EntryPoint = "pread", SetLastError = true)]
    private static extern nint ReadAt(int file, ref byte buffer, nint count, long offset);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int file);
}

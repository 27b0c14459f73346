using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace RolloutTrace.Bundle;

/// <summary>Opens files that may come from a stranger. What is no regular file is not opened: a pipe or a device may never answer.</summary>
public static class PlainFile
{
    /// <summary>What is said of a pipe, a socket or a device where a file should be.</summary>
    public const string NotAFile = "it is a pipe, a socket or a device, not a file";

    /// <summary>What is said of a directory where a file should be.</summary>
    internal const string ADirectory = "it is a directory, not a file";

    private const int CurrentDirectory = -100;
    private const uint TypeMask = 0x1;
    private const int ModeOffset = 28;
    private const int FileTypeBits = 0xF000;
    private const int RegularFile = 0x8000;
    private const int Directory = 0x4000;

    /// <summary>Opens a file for reading; null for an empty one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is going to be read.</param>
    /// <exception cref="IOException">It is no regular file, or cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static SafeFileHandle? Open(string path, FileOptions options = FileOptions.None)
    {
        // Everything that is no regular file says that it is empty.
        if (new FileInfo(path) is not { Exists: true, Length: 0 })
        {
            try
            {
                return File.OpenHandle(path, options: options);
            }
            catch (UnauthorizedAccessException e) when (System.IO.Directory.Exists(path))
            {
                // The system says that it may not be opened.
                throw new IOException(ADirectory, e);
            }
        }

        return IsSpecial(path) ? throw new IOException(NotAFile) : null;
    }

    /// <summary>Whether a pipe, a socket or a device stands at a path. Elsewhere than on Linux nobody tells, and what is special passes for an empty file.</summary>
    /// <param name="path">The path; a link is followed.</param>
    public static bool IsSpecial(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        Span<byte> status = stackalloc byte[256];
        var name = Encoding.UTF8.GetBytes(path + '\0');
        try
        {
            return Statx(CurrentDirectory, ref MemoryMarshal.GetArrayDataReference(name), 0, TypeMask, ref MemoryMarshal.GetReference(status)) == 0
                && (BinaryPrimitives.ReadUInt16LittleEndian(status[ModeOffset..]) & FileTypeBits) is not (RegularFile or Directory);
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static extern int Statx(int directory, ref byte path, int flags, uint mask, ref byte status);
}

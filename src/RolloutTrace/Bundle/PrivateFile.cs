using Microsoft.Win32.SafeHandles;

namespace RolloutTrace.Bundle;

/// <summary>
/// Makes files and directories that only their owner can enter and read: 0600 and 0700 on Unix, whatever the umask. On
/// Windows the directory's inherited access list applies.
/// </summary>
internal static class PrivateFile
{
    private const UnixFileMode FileMode0600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const UnixFileMode DirectoryMode0700 = FileMode0600 | UnixFileMode.UserExecute;

    // EFBIG
    private const int FileTooLarge = 27;

    // Nobody else opens a file for writing, so sharing everything saves the locking calls where the system lets us.
    private const FileShare Share = FileShare.ReadWrite | FileShare.Delete;

    private static readonly FileStreamOptions NewFile = NewFileOptions();

    /// <summary>Creates a directory and those above it that are missing. One that is there already is left as it is.</summary>
    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        if (Directory.Exists(path))
        {
            return;
        }

        if (Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(path)) is { Length: > 0 } parent)
        {
            CreateDirectory(parent);
        }

        // Created closed already, so that there is no moment in which others can enter; the umask can only have closed it
        // further, to its owner too.
        Directory.CreateDirectory(path, DirectoryMode0700);
        File.SetUnixFileMode(path, DirectoryMode0700);
    }

    /// <summary>Creates a file that must not exist yet, open for writing.</summary>
    /// <param name="path">The file.</param>
    /// <param name="fixMode">Whether the umask may have taken rights from the owner, so that they have to be given back.</param>
    public static SafeFileHandle Create(string path, bool fixMode)
    {
        // Of the public ways to open a file, only a stream takes the mode to create it with. Its handle is all that is kept:
        // unbuffered, the stream itself has nothing to flush.
        var stream = new FileStream(path, NewFile);
        var handle = stream.SafeFileHandle;
        if (fixMode)
        {
            FixMode(handle);
        }

        return handle;
    }

    /// <summary>Opens a file that must exist, for writing.</summary>
    public static SafeFileHandle OpenExisting(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Write, Share);

    /// <summary>Writes all the bytes.</summary>
    /// <exception cref="IOException">They cannot be written, or the beginning of them only.</exception>
    public static void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(file, bytes, offset);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // How the library reports a file that grows over the process's limit.
            throw new IOException("the file may not become larger", e) { HResult = FileTooLarge };
        }
    }

    /// <summary>Whether files come out with the mode they are created with, without being fixed.</summary>
    public static bool HasRightMode(SafeFileHandle handle) => OperatingSystem.IsWindows() || File.GetUnixFileMode(handle) == FileMode0600;

    /// <summary>Gives the owner back the rights that the umask took.</summary>
    public static void FixMode(SafeFileHandle handle)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(handle, FileMode0600);
        }
    }

    private static FileStreamOptions NewFileOptions()
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = Share,
            BufferSize = 0,
        };

        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileMode0600;
        }

        return options;
    }
}

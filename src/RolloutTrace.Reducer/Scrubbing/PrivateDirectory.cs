using RolloutTrace.Bundle;

namespace RolloutTrace.Reducer.Scrubbing;

/// <summary>A directory into which files are written that are their owner's alone, whatever the umask.</summary>
internal sealed class PrivateDirectory
{
    private const UnixFileMode FileMode0600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode DirectoryMode0700 = FileMode0600 | UnixFileMode.UserExecute;

    private readonly string root;

    public PrivateDirectory(string path)
    {
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        Create(root);
    }

    /// <summary>The full path of something in it; null for a path that leads out of it.</summary>
    public string? Resolve(string relative)
    {
        var full = Path.GetFullPath(Path.Join(root, relative));
        return full.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? full : null;
    }

    /// <summary>Creates a file that must not exist, and the directories above it. It has no buffer of its own.</summary>
    /// <exception cref="IOException">It exists, or cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be created.</exception>
    public static GrowingFileStream CreateFile(string path)
    {
        CreateAbove(path);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileMode0600;
        }

        var file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file.SafeFileHandle, FileMode0600);
        }

        return new GrowingFileStream(file);
    }

    private static void CreateAbove(string path)
    {
        var directory = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(directory))
        {
            CreateAbove(directory);
            Create(directory);
        }
    }

    private static void Create(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
            return;
        }

        Directory.CreateDirectory(directory, DirectoryMode0700);
        File.SetUnixFileMode(directory, DirectoryMode0700);
    }
}

namespace RolloutTrace.Bundle;

/// <summary>Locks on files that end with their process. On Unix they bind only those who ask for them, as everybody here does.</summary>
internal static class FileLock
{
    private const int SharingViolation = unchecked((int)0x80070020);

    /// <summary>Whether an attempt failed because somebody else holds the file.</summary>
    public static bool IsHeldElsewhere(Exception exception) => exception is IOException { HResult: var error } && error switch
    {
        SharingViolation => OperatingSystem.IsWindows(),
        11 => OperatingSystem.IsLinux(), // EWOULDBLOCK
        35 => OperatingSystem.IsMacOS() || OperatingSystem.IsFreeBSD(), // EWOULDBLOCK
        _ => false,
    };

    /// <summary>Looks whether somebody holds a file. Nothing of it is read, and several may look at once.</summary>
    /// <exception cref="IOException">It cannot be looked at.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be looked at.</exception>
    public static BundleWriterState Look(string path)
    {
        try
        {
            // What is no regular file, such as a pipe, which may never answer, or what is a link, is not opened.
            var attributes = File.GetAttributes(path);
            if (attributes.HasFlag(FileAttributes.Directory) || attributes.HasFlag(FileAttributes.ReparsePoint) || new FileInfo(path).Length == 0)
            {
                return BundleWriterState.Unknown;
            }

            using var shared = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return Locks(path) ? BundleWriterState.Gone : BundleWriterState.Unknown;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return BundleWriterState.NoLock;
        }
        catch (Exception e) when (IsHeldElsewhere(e))
        {
            return BundleWriterState.Alive;
        }
    }

    /// <summary>Holds a file that exists until it is closed, and deletes it then.</summary>
    /// <exception cref="IOException">Somebody holds it, or it cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be opened.</exception>
    public static FileStream Hold(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);

    // On some file systems, and by a setting of the runtime, every lock is granted; then nothing can be told from one.
    private static bool Locks(string path)
    {
        try
        {
            using var second = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.None);
            return false;
        }
        catch (Exception e) when (IsHeldElsewhere(e))
        {
            return true;
        }
    }
}

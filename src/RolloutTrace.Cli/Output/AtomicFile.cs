using RolloutTrace.Bundle;

namespace RolloutTrace.Cli;

/// <summary>Writes a file beside its place and moves it into it: whoever looks finds the old one or the new one, whole.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file for the owner's eyes only, where the system knows such modes.</summary>
    /// <param name="path">The file's place. What is there is replaced, a link in itself and not what it points to.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, Action<Stream> write) => Write(path, stream =>
    {
        write(stream);
        return true;
    });

    private static void Write(string path, Func<Stream, bool> write)
    {
        var place = Path.GetFullPath(path);
        var beside = Path.Join(Path.GetDirectoryName(place), $".{Path.GetFileName(place)}.{Guid.NewGuid():N}.tmp");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            bool isWorthKeeping;
            using (var stream = new GrowingFileStream(new FileStream(beside, options)))
            {
                isWorthKeeping = write(stream);
            }

            if (isWorthKeeping)
            {
                File.Move(beside, place, overwrite: true);
            }
            else
            {
                File.Delete(beside);
            }
        }
        catch
        {
            if (File.Exists(beside))
            {
                File.Delete(beside);
            }

            throw;
        }
    }

    /// <summary>
    /// Writes to where a person says: through a link to what it points to, and straight into a device, which
    /// nothing may be moved over.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void WriteAsNamed(string path, Action<Stream> write) => WriteAsNamed(path, stream =>
    {
        write(stream);
        return true;
    });

    /// <summary>Writes to where a person says, unless there is nothing worth keeping: then what is there stays as it is.</summary>
    /// <param name="path">The place.</param>
    /// <param name="write">Writes the content; false if it is not worth keeping.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void WriteAsNamed(string path, Func<Stream, bool> write)
    {
        var place = Path.GetFullPath(path);
        if (IsDevice(place))
        {
            using var device = new FileStream(place, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            write(device);
            return;
        }

        if (PlainFile.IsSpecial(place))
        {
            throw new IOException(PlainFile.NotAFile);
        }

        Write(File.Exists(place) ? File.ResolveLinkTarget(place, returnFinalTarget: true)?.FullName ?? place : place, write);
    }

    // Below the second, Linux has files like any others, in memory.
    private static bool IsDevice(string place) => place.StartsWith("/dev/", StringComparison.Ordinal) && !place.StartsWith("/dev/shm/", StringComparison.Ordinal);
}

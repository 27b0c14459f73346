using RolloutTrace.Bundle;

namespace RolloutTrace.Packing;

/// <summary>
/// A file that is written beside its place and then moved into it, where nothing may be: whoever looks there finds it whole, or not at all.
/// What a killed process leaves of one is deleted by the next that writes to the same place.
/// </summary>
internal sealed class UnfinishedFile : IDisposable
{
    private const string Suffix = ".tmp";
    private const int MostAttempts = 50;

    private readonly string place;
    private readonly string path;
    private readonly FileStream file;
    private readonly GrowingFileStream stream;
    private bool isMoved;

    /// <param name="place">The place, a full path.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public UnfinishedFile(string place)
    {
        this.place = place;
        DeleteLeft(place);
        (path, file) = Create(place);
        stream = new GrowingFileStream(file);
    }

    /// <summary>Where it is until then.</summary>
    public string Path => path;

    /// <summary>What is written to it, also where it may not become larger.</summary>
    public Stream Stream => stream;

    /// <summary>The last bytes that were written.</summary>
    /// <exception cref="IOException">They cannot be read.</exception>
    public byte[] ReadLast(int count)
    {
        var last = new byte[count];
        RandomAccess.Read(file.SafeFileHandle, last, file.Length - count);
        return last;
    }

    /// <summary>Has the device keep what was written.</summary>
    /// <exception cref="IOException">It does not.</exception>
    public void Keep() => DirectorySync.Content(file.SafeFileHandle, path);

    /// <summary>Moves it into its place.</summary>
    /// <param name="writtenAt">When what is in it was written.</param>
    /// <exception cref="IOException">Something is there by now.</exception>
    public void Move(DateTime writtenAt)
    {
        stream.Flush();
        File.SetLastWriteTimeUtc(file.SafeFileHandle, writtenAt);

        // Locked until it is there: whoever writes to the same place deletes it as one that was left.
        File.Move(path, place, overwrite: false);
        isMoved = true;
        stream.Dispose();
    }

    public void Dispose()
    {
        stream.Dispose();
        if (!isMoved)
        {
            File.Delete(path);
        }
    }

    // Between its creation and its lock, whoever writes to the same place may take it for one that is left, and delete it.
    private static (string Path, FileStream File) Create(string place)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Read | FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        for (var attempts = 1; ; attempts++)
        {
            var path = System.IO.Path.Join(System.IO.Path.GetDirectoryName(place), $"{Prefix(place)}{Guid.NewGuid():N}{Suffix}");
            try
            {
                var file = new FileStream(path, options);
                if (File.Exists(path) || attempts == MostAttempts)
                {
                    return (path, file);
                }

                file.Dispose();
            }
            catch (IOException) when (attempts < MostAttempts)
            {
                // Somebody has it locked, to delete it.
            }
        }
    }

    private static string Prefix(string place) => $".{System.IO.Path.GetFileName(place)}.";

    // One that somebody still writes is locked.
    private static void DeleteLeft(string place)
    {
        foreach (var left in Directory.EnumerateFiles(System.IO.Path.GetDirectoryName(place)!, $"{Prefix(place)}*{Suffix}"))
        {
            try
            {
                using (new FileStream(left, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0))
                {
                    File.Delete(left);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody's who lives, or nobody's business.
            }
        }
    }
}

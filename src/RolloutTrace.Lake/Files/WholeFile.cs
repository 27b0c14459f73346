namespace RolloutTrace.Lake;

/// <summary>Files that are whole whenever they are there.</summary>
internal static class WholeFile
{
    /// <summary>Writes a file beside its place, and moves it there.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string place, ReadOnlySpan<byte> content, bool flush)
    {
        var directory = Path.GetDirectoryName(place)!;
        Directory.CreateDirectory(directory);
        var beside = Path.Join(directory, $".{Guid.NewGuid():N}.tmp");
        try
        {
            using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                stream.Write(content);
                stream.Flush(flush);
            }

            File.Move(beside, place, overwrite: true);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }
}

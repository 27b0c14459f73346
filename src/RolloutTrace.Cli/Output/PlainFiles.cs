using RolloutTrace.Bundle;

namespace RolloutTrace.Cli;

/// <summary>Files that a command line names. A pipe or a device is not opened: it may never answer.</summary>
internal static class PlainFiles
{
    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="IOException">There is none, or it cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static Stream Open(string path) => PlainFile.Open(path) is { } handle ? new FileStream(handle, FileAccess.Read, bufferSize: 0) : Stream.Null;

    /// <summary>A file's text.</summary>
    /// <exception cref="IOException">There is none, or it cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string ReadText(string path)
    {
        using var reader = new StreamReader(Open(path));
        return reader.ReadToEnd();
    }
}

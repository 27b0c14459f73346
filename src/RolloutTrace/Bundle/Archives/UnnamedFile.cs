namespace RolloutTrace.Bundle;

/// <summary>A file for its owner alone in the temporary directory, without a name, so that nothing is left of it after a crash.</summary>
internal static class UnnamedFile
{
    /// <summary>Creates one for reading and writing.</summary>
    /// <exception cref="IOException">It cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be created.</exception>
    public static FileStream Create()
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, BufferSize = 0, Options = FileOptions.DeleteOnClose };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var name = Path.Join(Path.GetTempPath(), $"rollout-trace-{Guid.NewGuid():N}.tar");
        var file = new FileStream(name, options);
        if (!OperatingSystem.IsWindows())
        {
            File.Delete(name);
        }

        return file;
    }

    /// <summary>Bytes that were written into one.</summary>
    /// <exception cref="IOException">The disk does not give them back.</exception>
    public static byte[] Read(FileStream file, long offset, int length)
    {
        var bytes = new byte[length];
        for (var read = 0; read < length;)
        {
            var count = RandomAccess.Read(file.SafeFileHandle, bytes.AsSpan(read), offset + read);
            read += count > 0 ? count : throw new IOException("what was put aside is not there any more");
        }

        return bytes;
    }
}

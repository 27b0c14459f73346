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

    /// <summary>How many bytes one may take that is made of what a stranger may have sent: half of what is free where it lies.</summary>
    public static long Room()
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(Path.GetTempPath())).AvailableFreeSpace / 2;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return long.MaxValue;
        }
    }

    /// <summary>Writes on in one.</summary>
    /// <param name="file">The file.</param>
    /// <param name="bytes">What comes next.</param>
    /// <param name="room">How long it may become.</param>
    /// <exception cref="IOException">It cannot be written, or would be longer.</exception>
    public static void Write(FileStream file, ReadOnlySpan<byte> bytes, long room)
    {
        if (file.Position > room - bytes.Length)
        {
            throw new IOException($"more than {room} bytes would be needed there, half of what was free");
        }

        file.Write(bytes);
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

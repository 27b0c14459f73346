namespace RolloutTrace.Bundle;

/// <summary>Writes payload files, by the shortest way that the system offers.</summary>
internal static class PayloadFile
{
    /// <summary>As below, with content in one piece.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">Its content.</param>
    /// <param name="fixMode">As below.</param>
    public static void WriteNew(ReadOnlySpan<char> path, ReadOnlySpan<byte> content, bool fixMode) => WriteNew(path, content, default, fixMode);

    /// <summary>Creates the file, which must not exist, with the whole content.</summary>
    /// <param name="path">The file.</param>
    /// <param name="first">What it begins with.</param>
    /// <param name="rest">What follows.</param>
    /// <param name="fixMode">Whether the umask takes rights from the owner, which have to be given back.</param>
    /// <exception cref="IOException">It cannot be written, or exists. Of a file that could be created only, nothing is left.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission.</exception>
    public static void WriteNew(ReadOnlySpan<char> path, ReadOnlySpan<byte> first, ReadOnlySpan<byte> rest, bool fixMode)
    {
        if (NativeFile.IsSupported && !fixMode)
        {
            NativeFile.WriteNew(path, first, rest);
            return;
        }

        var name = path.ToString();
        using var file = PrivateFile.Create(name, fixMode);
        try
        {
            PrivateFile.Write(file, first, offset: 0);
            PrivateFile.Write(file, rest, offset: first.Length);
        }
        catch
        {
            BestEffort.DeleteFile(name);
            throw;
        }
    }
}

using System.Security.Cryptography;

namespace RolloutTrace.Stores;

/// <summary>What is asked of a file that is put.</summary>
internal static class FileWords
{
    /// <summary>Opens it for reading.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public static FileStream OpenRead(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{path}: cannot be read: {e.Message}", e) { Kind = StoreExceptionKind.File };
        }
    }

    /// <summary>The SHA-256 of what is in it, in hex digits.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public static async Task<string> HashAsync(string path, CancellationToken cancellation)
    {
        using var file = OpenRead(path);
        try
        {
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellation).ConfigureAwait(false));
        }
        catch (IOException e)
        {
            throw new StoreException($"{path}: cannot be read: {e.Message}", e) { Kind = StoreExceptionKind.File };
        }
    }
}

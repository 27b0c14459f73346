using RolloutTrace.Bundle;

namespace RolloutTrace.Import.Sessions;

/// <summary>
/// Keeps what a log says until it is asked for: the first of it in memory, the rest on the disk, in a file that has no name, so that nothing is
/// left of it after a crash. Where there is no room it is kept in memory. Not safe for concurrent use.
/// </summary>
/// <param name="inMemory">How many bytes are kept in memory.</param>
internal sealed class LogSpool(long inMemory = LogSpool.DefaultInMemory)
{
    /// <summary>How much is kept in memory where nobody says otherwise.</summary>
    public const long DefaultInMemory = 32 << 20;

    // A shorter text takes less than knowing where it is.
    private const int MinBytesAside = 128;

    private FileStream? file;
    private long held;
    private long end;
    private bool isBroken;

    /// <summary>Keeps bytes.</summary>
    /// <param name="bytes">Them. They stay where they are if they are not put aside.</param>
    public LogText Keep(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length >= MinBytesAside && (held += bytes.Length) > inMemory && !isBroken)
        {
            try
            {
                file ??= UnnamedFile.Create();
                RandomAccess.Write(file.SafeFileHandle, bytes.Span, end);
                end += bytes.Length;
                return new LogText(this, end - bytes.Length, bytes.Length);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                isBroken = true;
            }
        }

        return new LogText(bytes);
    }

    /// <summary>Bytes that were put aside.</summary>
    /// <exception cref="IOException">The disk does not give them back.</exception>
    public byte[] Get(long offset, int length) => UnnamedFile.Read(file!, offset, length);

    /// <summary>Lets go of all of it.</summary>
    public void Close() => file?.Dispose();
}

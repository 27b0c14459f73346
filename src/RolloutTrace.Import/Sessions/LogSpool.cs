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
    public const long DefaultInMemory = 8 << 20;

    // So many bytes are put aside at once: most texts are short.
    private const int BufferBytes = 1 << 16;

    private FileStream? file;
    private byte[]? buffer;
    private long held;
    private long written;
    private int buffered;
    private bool isBroken;

    /// <summary>Keeps bytes.</summary>
    /// <param name="bytes">Them. They stay where they are if they are not put aside.</param>
    public LogText Keep(ReadOnlyMemory<byte> bytes)
    {
        if ((held += bytes.Length) <= inMemory || bytes.IsEmpty || isBroken)
        {
            return new LogText(bytes);
        }

        try
        {
            return PutAside(bytes.Span);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            isBroken = true;
            return new LogText(bytes);
        }
    }

    /// <summary>Bytes that were put aside.</summary>
    /// <exception cref="IOException">The disk does not give them back.</exception>
    public byte[] Get(long offset, int length) =>
        offset >= written ? buffer.AsSpan((int)(offset - written), length).ToArray() : UnnamedFile.Read(file!, offset, length);

    /// <summary>Lets go of all of it.</summary>
    public void Close() => file?.Dispose();

    private LogText PutAside(ReadOnlySpan<byte> bytes)
    {
        buffer ??= new byte[BufferBytes];
        if (buffered + bytes.Length > BufferBytes)
        {
            Write(buffer.AsSpan(0, buffered));
            buffered = 0;
        }

        var offset = written + buffered;
        if (bytes.Length > BufferBytes)
        {
            Write(bytes);
        }
        else
        {
            bytes.CopyTo(buffer.AsSpan(buffered));
            buffered += bytes.Length;
        }

        return new LogText(this, offset, bytes.Length);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        file ??= UnnamedFile.Create();
        RandomAccess.Write(file.SafeFileHandle, bytes, written);
        written += bytes.Length;
    }
}

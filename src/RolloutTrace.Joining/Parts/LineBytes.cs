namespace RolloutTrace.Joining.Parts;

/// <summary>The bytes of a log's lines, beside what a reader makes of them.</summary>
internal sealed class LineBytes(Stream log, int maxLineBytes) : IDisposable
{
    private readonly BufferedStream stream = new(log, 1 << 16);
    private long position;
    private byte[] line = [];

    /// <summary>The bytes up to an offset, without line ends; null if they are more than a line may have, and then they are passed over.</summary>
    /// <param name="end">Where the line ends; lines come in order.</param>
    public ReadOnlyMemory<byte>? UpTo(long end)
    {
        var length = end - position;
        if (length < 0)
        {
            return null;
        }

        position = end;
        if (length > maxLineBytes)
        {
            Skip(length);
            return null;
        }

        if (line.Length < length)
        {
            line = new byte[Math.Max(length, 2L * line.Length)];
        }

        var read = stream.ReadAtLeast(line.AsSpan(0, (int)length), (int)length, throwOnEndOfStream: false);
        return Trimmed(line.AsMemory(0, read));
    }

    public void Dispose() => stream.Dispose();

    // Blank lines before it are in the log as well.
    private static ReadOnlyMemory<byte> Trimmed(ReadOnlyMemory<byte> bytes)
    {
        var trimmed = bytes.Span.Trim(" \t\r\n"u8);
        return trimmed.IsEmpty ? ReadOnlyMemory<byte>.Empty : bytes.Slice(bytes.Span.IndexOf(trimmed), trimmed.Length);
    }

    private void Skip(long length)
    {
        var room = new byte[1 << 16];
        while (length > 0 && stream.Read(room, 0, (int)Math.Min(length, room.Length)) is > 0 and var read)
        {
            length -= read;
        }
    }
}

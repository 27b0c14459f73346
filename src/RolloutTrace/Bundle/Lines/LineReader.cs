namespace RolloutTrace.Bundle;

/// <summary>Walks the non-blank lines of a file in a buffer that is as long as the longest of them, up to a limit.</summary>
internal sealed class LineReader : IDisposable
{
    private const int InitialBytes = 1 << 16;

    private readonly string file;
    private readonly Stream stream;
    private byte[] buffer = new byte[InitialBytes];
    private long offset;
    private int start;
    private int end;
    private bool atEnd;
    private int lineStart;
    private int lineLength;

    /// <param name="stream">The file; disposed with the reader.</param>
    /// <param name="file">What messages call it.</param>
    /// <param name="maxLineBytes">The longest line that is given.</param>
    public LineReader(Stream stream, string file, int maxLineBytes)
    {
        this.stream = stream;
        this.file = file;
        MaxLineBytes = maxLineBytes;
    }

    public int MaxLineBytes { get; }

    /// <summary>Number of the current line, from 1; blank lines count.</summary>
    public long LineNumber { get; private set; }

    /// <summary>Where the current line ends in the file, its line end included.</summary>
    public long EndOffset => offset - (end - start);

    /// <summary>The current line is longer than the limit; <see cref="Current"/> is empty.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>The current line without its end, valid until the next move.</summary>
    public ReadOnlySpan<byte> Current => buffer.AsSpan(lineStart, lineLength);

    public bool MoveNext()
    {
        while (ReadLine())
        {
            LineNumber++;
            if (IsTooLong || !Current.Trim(" \t\r\n\v\f"u8).IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    public void Dispose() => stream.Dispose();

    private bool ReadLine()
    {
        IsTooLong = false;
        var searched = start;
        while (true)
        {
            var newline = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                TakeLine(searched + newline, next: searched + newline + 1);
                return true;
            }

            if (end - start > MaxLineBytes)
            {
                IsTooLong = true;
                start = end = 0;
            }

            searched = end;
            if (!Fill(ref searched))
            {
                var more = IsTooLong || end > start;
                TakeLine(end, next: end);
                return more;
            }
        }
    }

    private void TakeLine(int lineEnd, int next)
    {
        IsTooLong |= lineEnd - start > MaxLineBytes;
        lineStart = start;
        lineLength = IsTooLong ? 0 : lineEnd - start;
        start = next;
    }

    // Moves what is left to the front before it reads on, and grows the buffer only for a line that fills it.
    private bool Fill(ref int searched)
    {
        if (atEnd)
        {
            return false;
        }

        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            searched -= start;
            end -= start;
            start = 0;
        }

        if (end == buffer.Length)
        {
            Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, Array.MaxLength));
        }

        try
        {
            var read = stream.Read(buffer.AsSpan(end));
            atEnd = read == 0;
            offset += read;
            end += read;
            return !atEnd;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new BundleException($"{file}: {FileTrouble.Of(e, $"cannot be read behind byte {offset}")}", e);
        }
    }
}

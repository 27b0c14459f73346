namespace RolloutTrace.Cli;

/// <summary>
/// JSON in which each half of a surrogate pair that stands alone, as <c>\ud83d</c> does where a text was cut within a character, is read as U+FFFD. The protocol's own reader
/// fails on a message with one, and its sender is not told why.
/// </summary>
/// <param name="input">What is read. It is closed with this.</param>
internal sealed class WholeCharactersStream(Stream input) : Stream
{
    private const int EscapeLength = 6;

    private readonly byte[] buffer = new byte[1 << 14];

    // Of the buffer, what is not given yet, of that what is looked through, and where it ends: what is between waits for what follows.
    private int start;
    private int ready;
    private int end;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        while (start == ready && !destination.IsEmpty)
        {
            Advance();
            var read = await input.ReadAsync(buffer.AsMemory(end), cancellationToken).ConfigureAwait(false);
            if (!Take(read))
            {
                return 0;
            }
        }

        return Give(destination.Span);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> destination)
    {
        while (start == ready && !destination.IsEmpty)
        {
            Advance();
            if (!Take(input.Read(buffer.AsSpan(end))))
            {
                return 0;
            }
        }

        return Give(destination);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            input.Dispose();
        }

        base.Dispose(disposing);
    }

    // What waits is shorter than two escapes.
    private void Advance()
    {
        buffer.AsSpan(start..end).CopyTo(buffer);
        end -= start;
        start = ready = 0;
    }

    // Looks through what was read; false if nothing is left.
    private bool Take(int read)
    {
        end += read;
        ready = Mend(buffer.AsSpan(0, end), isEnd: read == 0);
        return ready > 0 || read > 0;
    }

    private int Give(Span<byte> destination)
    {
        var given = Math.Min(destination.Length, ready - start);
        buffer.AsSpan(start, given).CopyTo(destination);
        start += given;
        return given;
    }

    // Mends in place, and gives how much is known to be whole.
    private static int Mend(Span<byte> json, bool isEnd)
    {
        for (var at = 0; ;)
        {
            var next = json[at..].IndexOf((byte)'\\');
            if (next < 0)
            {
                return json.Length;
            }

            at += next;
            var first = Half(json[at..]);
            if (!isEnd && IsBegun(json[at..]))
            {
                return at;
            }

            if (first is not { } isHigh)
            {
                at = Math.Min(at + 2, json.Length);
                continue;
            }

            var behind = json[(at + EscapeLength)..];
            if (isHigh && !isEnd && IsBegun(behind))
            {
                return at;
            }

            if (isHigh && Half(behind) == false)
            {
                at += 2 * EscapeLength;
                continue;
            }

            "\\ufffd"u8.CopyTo(json[at..]);
            at += EscapeLength;
        }
    }

    // Whether what is there may become an escape of six. What cannot is not waited for: a message that ends with it would wait for the next.
    private static bool IsBegun(ReadOnlySpan<byte> json)
    {
        if (json.Length >= EscapeLength || (json.Length > 0 && json[0] != '\\') || (json.Length > 1 && json[1] != 'u'))
        {
            return false;
        }

        foreach (var digit in json[Math.Min(2, json.Length)..])
        {
            if (!char.IsAsciiHexDigit((char)digit))
            {
                return false;
            }
        }

        return true;
    }

    // Whether an escape is the first half of a pair, or the second; null if it is neither, or not all there.
    private static bool? Half(ReadOnlySpan<byte> escape) =>
        escape.Length >= EscapeLength && escape[0] == '\\' && escape[1] == 'u' && escape[2] is (byte)'d' or (byte)'D' && char.IsAsciiHexDigit((char)escape[4]) && char.IsAsciiHexDigit((char)escape[5])
            ? (escape[3] | 0x20) switch
            {
                '8' or '9' or 'a' or 'b' => true,
                'c' or 'd' or 'e' or 'f' => false,
                _ => null,
            }
            : null;
}

namespace RolloutTrace.Collecting.Journal;

/// <summary>Bodies of a journal one behind the other, and bytes that are not in it yet behind them. Read once, from its beginning on.</summary>
internal sealed class ExtentStream(JournalFile journal, IReadOnlyList<Extent?> extents, ReadOnlyMemory<byte> elsewhere) : Stream
{
    private int current;
    private int at;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <summary>Reads on. In the place of an extent that is null there are the bytes from elsewhere.</summary>
    public override int Read(Span<byte> buffer)
    {
        while (current < extents.Count && !buffer.IsEmpty)
        {
            var length = extents[current]?.Length ?? elsewhere.Length;
            var count = Math.Min(length - at, buffer.Length);
            if (count > 0)
            {
                if (extents[current] is { } extent)
                {
                    journal.ReadBody(new Extent(extent.Offset + at, count), buffer);
                }
                else
                {
                    elsewhere.Span.Slice(at, count).CopyTo(buffer);
                }

                at += count;
                return count;
            }

            current++;
            at = 0;
        }

        return 0;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

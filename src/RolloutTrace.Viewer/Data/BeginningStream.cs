namespace RolloutTrace.Viewer.Data;

/// <summary>Passes on what is written, and keeps the beginning of it.</summary>
/// <param name="destination">Where to; it is left open.</param>
/// <param name="beginning">Where the beginning is kept.</param>
/// <param name="most">The most bytes of it.</param>
internal sealed class BeginningStream(Stream destination, MemoryStream beginning, int most) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        destination.Write(buffer);
        beginning.Write(buffer[..Math.Min(buffer.Length, most - (int)beginning.Length)]);
    }

    public override void Flush() => destination.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

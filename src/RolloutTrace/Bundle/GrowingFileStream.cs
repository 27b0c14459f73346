namespace RolloutTrace.Bundle;

/// <summary>
/// A file that is written, or what may be one. When it may not become larger, that is an <see cref="IOException"/> like any other failure of
/// output, whatever the library makes of it. Not safe for concurrent use.
/// </summary>
public sealed class GrowingFileStream : Stream
{
    private readonly Stream file;

    /// <param name="file">The file; disposed with this.</param>
    public GrowingFileStream(Stream file) => this.file = file;

    /// <summary>Why something could not be written; null as long as everything could.</summary>
    public IOException? Failure { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => file.Length;

    /// <inheritdoc/>
    public override long Position
    {
        get => file.Position;
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            file.Write(buffer);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // How the library reports a file that grows over the process's limit.
            throw Failure = new IOException("the disk is full, or the limit on the size of files is reached", e);
        }
        catch (IOException e)
        {
            Failure = e;
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush() => file.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}

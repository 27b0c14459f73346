namespace RolloutTrace.Cli;

/// <summary>
/// A file that is written, or what may be one. When it may not become larger, that is a failure of output like any other.
/// </summary>
internal sealed class GrowingFile : Stream
{
    private readonly Stream file;

    public GrowingFile(Stream file) => this.file = file;

    /// <summary>Why something could not be written; null as long as everything could.</summary>
    public IOException? Failure { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => throw new NotSupportedException();
    }

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

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => file.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}

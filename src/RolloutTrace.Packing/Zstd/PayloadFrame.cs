namespace RolloutTrace.Packing;

/// <summary>One zstd frame with a checksum that is being written. Not safe for concurrent use.</summary>
internal abstract class PayloadFrame : IDisposable
{
    /// <summary>How much was written into it.</summary>
    public long Position { get; protected set; }

    /// <summary>Writes on.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public abstract void Write(ReadOnlySpan<byte> content);

    /// <summary>Writes on what stands in the frame already.</summary>
    /// <param name="content">The same once more.</param>
    /// <param name="position">Where it stands, as <see cref="Position"/> was there.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public virtual void WriteAgain(ReadOnlySpan<byte> content, long position) => Write(content);

    /// <summary>Writes what is held back, so that whoever reads the file gets all that was written so far.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public abstract void Flush();

    /// <summary>Writes the end of the frame. Nothing can be written afterwards.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public abstract void End();

    public abstract void Dispose();
}

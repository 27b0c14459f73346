using Microsoft.Win32.SafeHandles;

namespace RolloutTrace.Bundle;

/// <summary>A part of a file. Readers of several parts have no common position.</summary>
/// <param name="file">The file; not disposed with this.</param>
/// <param name="start">Where the part begins.</param>
/// <param name="length">Its length in bytes.</param>
internal sealed class FilePart(SafeFileHandle file, long start, long length) : ReadOnlyStream
{
    private long position;

    public override int Read(Span<byte> buffer)
    {
        var read = RandomAccess.Read(file, buffer[..(int)Math.Min(buffer.Length, length - position)], start + position);
        position += read;
        return read;
    }
}

using RolloutTrace.Bundle;

namespace RolloutTrace.Joining.Parts;

/// <summary>Holds what was read until it is written, in a file without a name, so that memory does not have to.</summary>
internal sealed class Spool : IDisposable
{
    private const int BufferBytes = 1 << 18;

    private readonly FileStream file = UnnamedFile.Create();
    private readonly byte[] buffer = new byte[BufferBytes];
    private int buffered;
    private long written;

    /// <summary>Keeps bytes.</summary>
    public SpoolPlace Add(ReadOnlySpan<byte> bytes)
    {
        var place = new SpoolPlace(written + buffered, bytes.Length);
        if (bytes.Length > BufferBytes - buffered)
        {
            Flush();
        }

        if (bytes.Length > BufferBytes)
        {
            RandomAccess.Write(file.SafeFileHandle, bytes, written);
            written += bytes.Length;
        }
        else
        {
            bytes.CopyTo(buffer.AsSpan(buffered));
            buffered += bytes.Length;
        }

        return place;
    }

    /// <summary>Gives them back.</summary>
    /// <exception cref="IOException">The disk does not.</exception>
    public byte[] Read(SpoolPlace place)
    {
        Flush();
        return UnnamedFile.Read(file, place.Offset, place.Length);
    }

    public void Dispose() => file.Dispose();

    private void Flush()
    {
        if (buffered > 0)
        {
            RandomAccess.Write(file.SafeFileHandle, buffer.AsSpan(0, buffered), written);
            written += buffered;
            buffered = 0;
        }
    }
}

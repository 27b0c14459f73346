using System.Buffers;

namespace RolloutTrace.Viewer.Data;

/// <summary>The payload of a kind and a thread that was told of last, which the next of them may repeat. It is the same memory for all of them.</summary>
internal sealed class LastPayload : IDisposable
{
    private byte[] buffer = [];
    private int length;

    /// <summary>Its number.</summary>
    public int Number { get; private set; }

    /// <summary>Its bytes, until it becomes another.</summary>
    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, length);

    /// <summary>Becomes the next one.</summary>
    /// <param name="next">The bytes of that.</param>
    /// <param name="same">How many of its first bytes are those of this one.</param>
    /// <param name="number">Its number.</param>
    public void Become(ReadOnlySpan<byte> next, int same, int number)
    {
        if (next.Length > buffer.Length)
        {
            Dispose();
            (buffer, same) = (ArrayPool<byte>.Shared.Rent(next.Length), 0);
        }

        next[same..].CopyTo(buffer.AsSpan(same));
        (length, Number) = (next.Length, number);
    }

    public void Dispose()
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
        }
    }
}

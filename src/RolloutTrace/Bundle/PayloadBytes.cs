using System.Buffers;

namespace RolloutTrace.Bundle;

/// <summary>The content of a payload file in a pooled buffer. Dispose it once, and do not touch its span afterwards.</summary>
public sealed class PayloadBytes : IDisposable
{
    private byte[]? buffer;
    private int start;

    internal PayloadBytes(byte[] buffer, int length)
    {
        this.buffer = buffer;
        Length = length;
    }

    /// <summary>How many bytes there are; of the buffer only these are the payload's.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes: UTF-8 JSON, if the bundle is sound.</summary>
    public ReadOnlySpan<byte> Span => buffer.AsSpan(start, Length);

    /// <summary>The bytes: UTF-8 JSON, if the bundle is sound.</summary>
    public ReadOnlyMemory<byte> Memory => buffer.AsMemory(start, Length);

    /// <summary>A copy of bytes, in a pooled buffer.</summary>
    public static PayloadBytes CopyOf(ReadOnlySpan<byte> bytes)
    {
        var rented = ArrayPool<byte>.Shared.Rent(Math.Max(bytes.Length, 1));
        bytes.CopyTo(rented);
        return new PayloadBytes(rented, bytes.Length);
    }

    /// <summary>Whether a byte order mark (U+FEFF), which JSON does not have, stood before the bytes. It is none of them.</summary>
    public bool HasByteOrderMark { get; private set; }

    /// <summary>Takes a byte order mark away from the beginning.</summary>
    internal void SkipByteOrderMark()
    {
        if (Span.StartsWith("\uFEFF"u8))
        {
            HasByteOrderMark = true;
            start += 3;
            Length -= 3;
        }
    }

    /// <summary>Gives the buffer back to the pool.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref buffer, null) is { } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}

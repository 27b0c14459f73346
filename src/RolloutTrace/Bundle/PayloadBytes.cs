using System.Buffers;

namespace RolloutTrace.Bundle;

/// <summary>The content of a payload file in a pooled buffer. Dispose it once, and do not touch its span afterwards.</summary>
public sealed class PayloadBytes : IDisposable
{
    private byte[]? buffer;

    internal PayloadBytes(byte[] buffer, int length)
    {
        this.buffer = buffer;
        Length = length;
    }

    /// <summary>Number of bytes.</summary>
    public int Length { get; }

    /// <summary>The bytes: UTF-8 JSON, if the bundle is sound.</summary>
    public ReadOnlySpan<byte> Span => buffer.AsSpan(0, Length);

    /// <summary>The bytes: UTF-8 JSON, if the bundle is sound.</summary>
    public ReadOnlyMemory<byte> Memory => buffer.AsMemory(0, Length);

    /// <summary>Gives the buffer back to the pool.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref buffer, null) is { } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}

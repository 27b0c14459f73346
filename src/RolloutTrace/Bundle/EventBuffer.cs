using System.Buffers;

namespace RolloutTrace.Bundle;

/// <summary>
/// Event lines on their way to the log, in a pooled buffer that is given back when it is empty: of thousands of open
/// bundles only the few that are being written hold one.
/// </summary>
internal sealed class EventBuffer : IBufferWriter<byte>
{
    private const int InitialBytes = 1 << 12;

    private byte[] buffer = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => buffer.AsSpan(0, Length);

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return buffer.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return buffer.AsSpan(Length);
    }

    /// <summary>Takes back what was written behind <paramref name="length"/>.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Forgets the content and gives the buffer back.</summary>
    public void Clear()
    {
        Length = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = [];
        }
    }

    private void Reserve(int count)
    {
        if (buffer.Length - Length >= count)
        {
            return;
        }

        var needed = checked(Length + count);
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, Math.Max(InitialBytes, (int)Math.Min(2L * buffer.Length, Array.MaxLength))));
        Written.CopyTo(larger);
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        buffer = larger;
    }
}

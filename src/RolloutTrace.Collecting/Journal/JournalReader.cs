using System.Buffers;

namespace RolloutTrace.Collecting.Journal;

/// <summary>
/// Reads a journal that nobody appends to meanwhile, ahead where places are asked for about in their order: a rollout has thousands of small frames. Not safe
/// for concurrent use.
/// </summary>
internal sealed class JournalReader(JournalFile journal) : IDisposable
{
    private const int WindowBytes = 1 << 16;

    private byte[]? window;
    private long from;
    private int length;
    private long expected;

    /// <summary>Reads a part of it, all of which is there.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void Read(long offset, Span<byte> bytes)
    {
        var isNear = offset >= expected && offset - expected < WindowBytes && bytes.Length < WindowBytes;
        expected = offset + bytes.Length;
        if (!IsInWindow(offset, bytes.Length))
        {
            if (!isNear)
            {
                journal.Read(offset, bytes);
                return;
            }

            window ??= ArrayPool<byte>.Shared.Rent(WindowBytes);
            from = offset;
            length = (int)Math.Min(window.Length, journal.Length - offset);
            journal.Read(from, window.AsSpan(0, length));
        }

        window.AsSpan((int)(offset - from), bytes.Length).CopyTo(bytes);
    }

    public void Dispose()
    {
        if (window is not null)
        {
            ArrayPool<byte>.Shared.Return(window);
            window = null;
            length = 0;
        }
    }

    private bool IsInWindow(long offset, int count) => offset >= from && offset + count <= from + length;
}

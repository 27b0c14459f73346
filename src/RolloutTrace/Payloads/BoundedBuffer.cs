using System.Buffers;

namespace RolloutTrace.Payloads;

/// <summary>Takes the beginning of a document and stops whoever writes it at a limit.</summary>
/// <param name="limit">The most bytes that are kept.</param>
internal sealed class BoundedBuffer(int limit) : IBufferWriter<byte>
{
    private const int InitialBytes = 256;

    private byte[] array = [];
    private int length;

    /// <summary>Whether the document is longer than the limit: <see cref="Written"/> is its beginning.</summary>
    public bool IsOver { get; private set; }

    public ReadOnlyMemory<byte> Written => array.AsMemory(0, Math.Min(length, limit));

    public void Advance(int count)
    {
        length += count;
        if (length > limit)
        {
            Refuse();
        }
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(sizeHint, 1));
        return array.AsMemory(length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private void Reserve(int bytes)
    {
        if (array.Length - length >= bytes)
        {
            return;
        }

        // A text may be asked three bytes for each of its characters, and then be written in one.
        if (IsOver || bytes > (3L * limit) + InitialBytes)
        {
            Refuse();
        }

        var doubled = Math.Min(Math.Max(InitialBytes, 2 * array.Length), limit + InitialBytes);
        Array.Resize(ref array, Math.Max(length + bytes, doubled));
    }

    private void Refuse()
    {
        IsOver = true;
        throw new InvalidOperationException("the document is longer than what is looked at");
    }
}

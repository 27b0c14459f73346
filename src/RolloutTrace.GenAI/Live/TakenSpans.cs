using System.Collections.Concurrent;

namespace RolloutTrace.GenAI.Live;

/// <summary>Spans that were taken and not read yet, in the order in which they were taken. Safe for concurrent use.</summary>
internal sealed class TakenSpans
{
    /// <summary>How many there are before whoever adds one has to help with reading.</summary>
    public const int Most = 2048;

    /// <summary>How many bytes they keep alive before that.</summary>
    public const long MostBytes = 16 << 20;

    private readonly ConcurrentQueue<TakenSpan> spans = new();
    private int count;
    private long bytes;

    public int Count => Volatile.Read(ref count);

    public bool IsFull => Count > Most || Volatile.Read(ref bytes) > MostBytes;

    public void Add(TakenSpan span)
    {
        Interlocked.Increment(ref count);
        Interlocked.Add(ref bytes, span.Size);
        spans.Enqueue(span);
    }

    public bool TryTake(out TakenSpan span)
    {
        if (!spans.TryDequeue(out span!))
        {
            return false;
        }

        Interlocked.Add(ref bytes, -span.Size);
        Interlocked.Decrement(ref count);
        return true;
    }
}

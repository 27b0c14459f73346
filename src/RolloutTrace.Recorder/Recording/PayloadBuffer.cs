using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using RolloutTrace.Recorder.Queue;

namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// Takes one payload's bytes on the caller's thread. What it holds counts against the queue's bound from the first byte, so
/// that any number of callers with large payloads stay inside it.
/// </summary>
internal sealed class PayloadBuffer : IBufferWriter<byte>
{
    private const int InitialBytes = 1 << 10;
    private const int TrimAboveBytes = 1 << 16;

    // A string may be asked three bytes for each of its characters, and then be written in one.
    private const int MaxExpansion = 3;

    private readonly PayloadPool pool;
    private readonly ByteBudget budget;
    private readonly int maxPayloadBytes;
    private byte[] array = [];

    public PayloadBuffer(PayloadPool pool, ByteBudget budget, int maxPayloadBytes)
    {
        this.pool = pool;
        this.budget = budget;
        this.maxPayloadBytes = maxPayloadBytes;
    }

    public int Length { get; private set; }

    /// <summary>Whether it may use the bound to the last byte, and wait for room.</summary>
    public bool IsFavoured { get; set; }

    /// <summary>Why bytes were refused, if any were: a converter may have swallowed the exception that said so.</summary>
    public PayloadProblem Refusal { get; private set; }

    /// <summary>The size of a payload that was too large, as far as it is known.</summary>
    public string KnownSize => string.Create(CultureInfo.InvariantCulture, $"over {maxPayloadBytes} bytes");

    public ReadOnlyMemory<byte> Written => array.AsMemory(0, Length);

    public void Advance(int count)
    {
        Length += count;
        if (Length > maxPayloadBytes)
        {
            Refuse(PayloadProblem.TooLarge);
        }
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return array.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return array.AsSpan(Length);
    }

    private void Reserve(int bytes)
    {
        bytes = Math.Max(bytes, 1);
        if (array.Length - Length >= bytes)
        {
            return;
        }

        if ((long)bytes > ((long)maxPayloadBytes * MaxExpansion) + InitialBytes)
        {
            Refuse(PayloadProblem.TooLarge);
        }

        // It doubles, but a document that is refused in the end need not have doubled beyond the limit.
        var doubled = Math.Min(Math.Max(InitialBytes, 2L * array.Length), (long)maxPayloadBytes + InitialBytes);
        var capacity = PayloadPool.Capacity((int)Math.Min(Array.MaxLength, Math.Max((long)Length + bytes, doubled)));
        if (!budget.TryTake(capacity - array.Length, IsFavoured))
        {
            Refuse(PayloadProblem.NoRoom);
        }

        var larger = pool.Rent(capacity);
        Written.Span.CopyTo(larger);
        if (array.Length > 0)
        {
            pool.Return(array);
        }

        array = larger;
    }

    /// <summary>Hands the array over, with the bytes that it takes up of the bound. The buffer is empty afterwards.</summary>
    public byte[] Detach()
    {
        Trim();
        var detached = array;
        array = [];
        Length = 0;
        return detached;
    }

    /// <summary>Drops the content and returns what it took up.</summary>
    public void Discard()
    {
        if (array.Length > 0)
        {
            budget.Return(array.Length);
            pool.Return(array);
            array = [];
        }

        Length = 0;
        Refusal = PayloadProblem.None;
    }

    [DoesNotReturn]
    private void Refuse(PayloadProblem problem)
    {
        Refusal = problem;
        throw new PayloadRefusedException(problem);
    }

    // A large payload that asked for much more than it needed would take up the queue with nothing.
    private void Trim()
    {
        var capacity = PayloadPool.Capacity(Length);
        if (array.Length <= TrimAboveBytes || capacity > array.Length / 2)
        {
            return;
        }

        var smaller = pool.Rent(capacity);
        Written.Span.CopyTo(smaller);
        budget.Return(array.Length - capacity);
        pool.Return(array);
        array = smaller;
    }
}

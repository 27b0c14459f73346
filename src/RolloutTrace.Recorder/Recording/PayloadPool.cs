using System.Collections.Concurrent;
using System.Numerics;

namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// Arrays for payload bytes, which callers take and the reader gives back. The shared array pool favours a thread that
/// returns what it rented itself, and has no bound on what it keeps; here it is always another thread, and memory is promised.
/// Safe for concurrent use.
/// </summary>
internal sealed class PayloadPool
{
    private const int SmallestLog2 = 8;
    private const int LargestLog2 = 20;

    private readonly ConcurrentQueue<byte[]>[] buckets;
    private readonly long maxIdleBytes;
    private long idleBytes;

    public PayloadPool(long maxIdleBytes)
    {
        this.maxIdleBytes = maxIdleBytes;
        buckets = new ConcurrentQueue<byte[]>[LargestLog2 - SmallestLog2 + 1];
        for (var i = 0; i < buckets.Length; i++)
        {
            buckets[i] = new ConcurrentQueue<byte[]>();
        }
    }

    /// <summary>The length of the array that <see cref="Rent"/> gives for so many bytes.</summary>
    public static int Capacity(int bytes) => bytes > 1 << LargestLog2 ? bytes : 1 << Log2(bytes);

    /// <summary>An array of <see cref="Capacity"/> bytes with any content.</summary>
    public byte[] Rent(int bytes)
    {
        if (bytes <= 1 << LargestLog2 && buckets[Log2(bytes) - SmallestLog2].TryDequeue(out var idle))
        {
            Interlocked.Add(ref idleBytes, -idle.Length);
            return idle;
        }

        return GC.AllocateUninitializedArray<byte>(Capacity(bytes));
    }

    /// <summary>Gives an array back. Large ones, and those above the bound, are left to the garbage collector.</summary>
    public void Return(byte[] array)
    {
        if (array.Length > 1 << LargestLog2)
        {
            return;
        }

        if (Interlocked.Add(ref idleBytes, array.Length) > maxIdleBytes)
        {
            Interlocked.Add(ref idleBytes, -array.Length);
            return;
        }

        buckets[Log2(array.Length) - SmallestLog2].Enqueue(array);
    }

    private static int Log2(int bytes) => Math.Max(SmallestLog2, bytes <= 1 ? 0 : BitOperations.Log2((uint)bytes - 1) + 1);
}

using System.Collections.Concurrent;
using System.Numerics;

namespace RolloutTrace.Recorder.Recording;

/// <summary>
/// Arrays for payload bytes, which callers take and the reader gives back. The shared array pool does not fit: it favours a thread
/// that returns what it rented itself, and here another one does; and it has no bound, and here one is promised. What a rush has needed is kept for a
/// second, since rushes come in rows, and fresh arrays of that size cost the garbage collector several times their room.
/// Safe for concurrent use.
/// </summary>
internal sealed class PayloadPool
{
    // Four sizes to each doubling, so that at most a fifth of an array is left over.
    private const int SmallestLog2 = 8;
    private const int LargestLog2 = 22;
    private const int LargestPooled = 1 << LargestLog2;

    private const long KeptMilliseconds = 1000;

    private readonly ConcurrentQueue<byte[]>[] idle;
    private readonly long[] rentedAt;
    private readonly long maxIdleBytes;
    private readonly long keptBytes;
    private long idleBytes;
    private long rents;

    // The trimming thread's own.
    private long rentsSeen;
    private long rentsSeenAt;

    /// <param name="maxIdleBytes">How much is kept while some are asked for.</param>
    /// <param name="keptBytes">How much is kept for good.</param>
    public PayloadPool(long maxIdleBytes, long keptBytes)
    {
        this.maxIdleBytes = maxIdleBytes;
        this.keptBytes = keptBytes;
        idle = new ConcurrentQueue<byte[]>[SizeClass(LargestPooled) + 1];
        for (var i = 0; i < idle.Length; i++)
        {
            idle[i] = new ConcurrentQueue<byte[]>();
        }

        rentedAt = new long[idle.Length];
    }

    /// <summary>Whether more is kept than for good.</summary>
    public bool HasSpare => Volatile.Read(ref idleBytes) > keptBytes;

    /// <summary>The length of the array that <see cref="Rent"/> gives for so many bytes.</summary>
    public static int Capacity(int bytes)
    {
        if (bytes > LargestPooled)
        {
            return bytes;
        }

        var sizeClass = SizeClass(bytes);
        return (4 + (sizeClass & 3)) << ((sizeClass >> 2) + SmallestLog2 - 2);
    }

    /// <summary>An array of <see cref="Capacity"/> bytes with any content.</summary>
    public byte[] Rent(int bytes)
    {
        if (bytes <= LargestPooled)
        {
            var sizeClass = SizeClass(bytes);
            Volatile.Write(ref rentedAt[sizeClass], Interlocked.Increment(ref rents));
            if (idle[sizeClass].TryDequeue(out var array))
            {
                Interlocked.Add(ref idleBytes, -array.Length);
                return array;
            }
        }

        return GC.AllocateUninitializedArray<byte>(Capacity(bytes));
    }

    /// <summary>
    /// Gives an array back. Above the bound it takes the place of arrays that nobody has asked for since its own size was asked for last: those of a
    /// history that grows are of one size for a while, and then never again. Otherwise it is left to the garbage collector, as large ones are.
    /// </summary>
    public void Return(byte[] array)
    {
        if (array.Length > LargestPooled)
        {
            return;
        }

        var sizeClass = SizeClass(array.Length);
        if (Interlocked.Add(ref idleBytes, array.Length) > maxIdleBytes && !TryMakeRoom(maxIdleBytes, Volatile.Read(ref rentedAt[sizeClass])))
        {
            Interlocked.Add(ref idleBytes, -array.Length);
            return;
        }

        idle[sizeClass].Enqueue(array);
    }

    /// <summary>Leaves to the garbage collector what a rush has left behind. For one thread.</summary>
    /// <param name="now">The time in milliseconds.</param>
    public void Trim(long now)
    {
        if (Volatile.Read(ref rents) is var seen && seen != rentsSeen)
        {
            (rentsSeen, rentsSeenAt) = (seen, now);
        }
        else if (now - rentsSeenAt >= KeptMilliseconds)
        {
            TryMakeRoom(keptBytes, rentedBefore: long.MaxValue);
        }
    }

    private bool TryMakeRoom(long most, long rentedBefore)
    {
        while (Volatile.Read(ref idleBytes) > most)
        {
            var oldest = -1;
            var at = rentedBefore;
            for (var i = 0; i < idle.Length; i++)
            {
                if (Volatile.Read(ref rentedAt[i]) is var rented && rented < at && !idle[i].IsEmpty)
                {
                    (oldest, at) = (i, rented);
                }
            }

            if (oldest < 0)
            {
                return false;
            }

            if (idle[oldest].TryDequeue(out var array))
            {
                Interlocked.Add(ref idleBytes, -array.Length);
            }
        }

        return true;
    }

    // The doubling, then the quarter of it that the size reaches into.
    private static int SizeClass(int bytes)
    {
        var last = Math.Max(bytes, 1 << SmallestLog2) - 1;
        var log2 = BitOperations.Log2((uint)last);
        return ((log2 - SmallestLog2) << 2) + ((last >> (log2 - 2)) & 3) + 1;
    }
}

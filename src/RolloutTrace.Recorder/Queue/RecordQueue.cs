using System.Collections.Concurrent;
using RolloutTrace.Recorder.Diagnostics;

namespace RolloutTrace.Recorder.Queue;

/// <summary>
/// The way from callers to the one reader. Its order is the order of the bundles. It is bounded by the
/// <see cref="ByteBudget"/> that callers have taken from before they add.
/// </summary>
/// <remarks>
/// Waking a thread costs a caller more than everything else it does here, so callers do it only for a reader that is parked,
/// or that has let a good deal accumulate. Otherwise the reader looks by itself, every <see cref="LingerMilliseconds"/>; that
/// is also how long an event stays in memory while there is little to do.
/// </remarks>
internal sealed class RecordQueue : IDisposable
{
    public const int LingerMilliseconds = 20;

    private const long ParkAfterMilliseconds = 500;
    private const long WakeBytes = 256 << 10;

    // The reader's state: awake, asleep in one of two ways, or gone.
    private const int Awake = 0;
    private const int Lingering = 1;
    private const int Parked = 2;
    private const int Ended = 3;

    private readonly ConcurrentQueue<RolloutRecord> records = new();
    private readonly AutoResetEvent wake = new(initialState: false);
    private readonly object progress = new();
    private readonly ByteBudget budget;
    private readonly Func<DateTimeOffset> utcNow;
    private readonly long wakeBytes;
    private long added;
    private int readerState;
    private volatile bool completed;
    private volatile bool givenUp;

    // Written by the reader only.
    private long done;
    private long steps;
    private long takenSinceUnixMs;
    private long busyAt = Environment.TickCount64;

    // Guarded by progress.
    private int flushers;

    public RecordQueue(ByteBudget budget, long limit, Func<DateTimeOffset> utcNow)
    {
        this.budget = budget;
        this.utcNow = utcNow;
        wakeBytes = Math.Min(WakeBytes, limit / 4);
    }

    /// <summary>Records that were added so far.</summary>
    public long Added => Volatile.Read(ref added);

    /// <summary>Records that were added and are not done with.</summary>
    public long Pending => Volatile.Read(ref added) - Volatile.Read(ref done);

    /// <summary>Age of the oldest record that is not done with, by the wall clock.</summary>
    public TimeSpan Lag
    {
        get
        {
            if (Pending == 0)
            {
                return TimeSpan.Zero;
            }

            var oldest = Volatile.Read(ref takenSinceUnixMs);
            if (oldest == 0)
            {
                oldest = records.TryPeek(out var first) ? first.Envelope.WallTimeUnixMs : 0;
            }

            return oldest == 0
                ? TimeSpan.Zero
                : TimeSpan.FromMilliseconds(Math.Max(0, utcNow().ToUnixTimeMilliseconds() - oldest));
        }
    }

    private long Steps => Volatile.Read(ref steps);

    /// <summary>Adds a record, whose size the caller has taken from the budget.</summary>
    public void Add(RolloutRecord record)
    {
        // Counted first: who has added something and then flushes waits for it, and for all that stand before it.
        Interlocked.Increment(ref added);
        records.Enqueue(record);

        // The reader announces that it sleeps, then looks for records; here it is the other way round. With both in full
        // order one of the two sees the other.
        Interlocked.MemoryBarrier();
        var state = Volatile.Read(ref readerState);
        if (state == Parked || (state == Lingering && budget.Used >= wakeBytes))
        {
            WakeReader();
        }
        else if (state == Ended || givenUp)
        {
            Abandon();
        }
    }

    /// <summary>
    /// What waits, and what is added from now on, is lost and counted: nobody waits for the reader any longer. What the reader has
    /// taken is not the queue's.
    /// </summary>
    /// <returns>How many records were lost.</returns>
    public long GiveUp()
    {
        givenUp = true;
        Interlocked.MemoryBarrier();
        return Abandon();
    }

    /// <summary>No more records will be added that anybody waits for; the reader ends when it has done the rest.</summary>
    public void Complete()
    {
        completed = true;
        wake.Set();
    }

    /// <summary>Waits until all that was added before is done with.</summary>
    /// <param name="timeoutMilliseconds">How long at most; -1 for as long as the reader makes progress.</param>
    /// <param name="stallMilliseconds">How long at most without progress; -1 for no limit.</param>
    public bool Flush(int timeoutMilliseconds, long stallMilliseconds)
    {
        var target = Volatile.Read(ref added);
        lock (progress)
        {
            flushers++;
            try
            {
                wake.Set();
                var patience = new FlushPatience(timeoutMilliseconds, stallMilliseconds, Steps, Environment.TickCount64);
                while (done < target)
                {
                    var left = patience.Left(Steps, Environment.TickCount64);
                    if (left <= 0)
                    {
                        return false;
                    }

                    Monitor.Wait(progress, (int)Math.Min(left, int.MaxValue));
                }

                return true;
            }
            finally
            {
                flushers--;
            }
        }
    }

    /// <summary>Fills the array with records, as many as there are, of up to <paramref name="maxBytes"/>. For the reader.</summary>
    public int Take(RolloutRecord[] batch, long maxBytes)
    {
        var count = 0;
        long bytes = 0;
        while (count < batch.Length && bytes < maxBytes && records.TryDequeue(out var record))
        {
            if (count == 0)
            {
                Volatile.Write(ref takenSinceUnixMs, record.Envelope.WallTimeUnixMs);
            }

            batch[count++] = record;
            bytes += record.Size;
        }

        if (count > 0)
        {
            budget.BeginDraining();
        }

        return count;
    }

    /// <summary>
    /// Something of what was taken is written: the disk moves, however long it is until all of it is. For the reader.
    /// </summary>
    public void Moved() => Volatile.Write(ref steps, steps + 1);

    /// <summary>So many records that were taken are done with. For the reader.</summary>
    public void Done(int count, long bytes)
    {
        Moved();
        budget.ReturnQueued(bytes);
        Volatile.Write(ref busyAt, Environment.TickCount64);
        Volatile.Write(ref takenSinceUnixMs, 0);
        lock (progress)
        {
            done += count;
            if (flushers > 0)
            {
                Monitor.PulseAll(progress);
            }
        }
    }

    /// <summary>Sleeps until there may be something to take. For the reader.</summary>
    /// <param name="mostMilliseconds">How long at most; -1 for no limit.</param>
    /// <returns>False when nothing will come any more.</returns>
    public bool WaitForRecords(int mostMilliseconds)
    {
        if (completed)
        {
            if (!records.IsEmpty)
            {
                return true;
            }

            Interlocked.Exchange(ref readerState, Ended);
            Abandon();
            return false;
        }

        var linger = Environment.TickCount64 - busyAt < ParkAfterMilliseconds;
        Interlocked.Exchange(ref readerState, linger ? Lingering : Parked);
        if (records.IsEmpty || (linger && budget.Used < wakeBytes))
        {
            wake.WaitOne(linger ? LingerMilliseconds : mostMilliseconds);
        }

        Volatile.Write(ref readerState, Awake);
        return true;
    }

    public void Dispose() => wake.Dispose();

    // What was added too late for the reader is counted as lost by whoever sees it first.
    private long Abandon()
    {
        long count = 0;
        while (records.TryDequeue(out var record))
        {
            record.Bundle.Recording.Stop(StopCause.ShutDown);
            record.Bundle.Recording.CountMissed(1);
            Done(1, record.Size);
            count++;
        }

        return count;
    }

    private void WakeReader()
    {
        if (Interlocked.Exchange(ref readerState, Awake) != Awake)
        {
            wake.Set();
        }
    }
}

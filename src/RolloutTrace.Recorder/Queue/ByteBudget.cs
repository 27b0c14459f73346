namespace RolloutTrace.Recorder.Queue;

/// <summary>
/// The bound on memory: what is being taken from callers and what waits in the queue, in bytes. Who finds it used up waits
/// for the reader to write something, as long as the <see cref="WaitBudget"/> lasts. Safe for concurrent use.
/// </summary>
internal sealed class ByteBudget
{
    private readonly long limit;
    private readonly WaitBudget patience;
    private readonly DrainRate rate = new();
    private readonly Func<bool> isAnythingQueued;
    private readonly object gate = new();
    private long used;
    private int waiters;
    private int overdrawnBy;
    private long waitedMilliseconds;
    private bool closed;

    /// <param name="limit">The bound, in bytes.</param>
    /// <param name="maxWait">How long callers may wait, all together.</param>
    /// <param name="isAnythingQueued">Whether the reader has bytes to return.</param>
    public ByteBudget(long limit, TimeSpan maxWait, Func<bool> isAnythingQueued)
    {
        this.isAnythingQueued = isAnythingQueued;
        this.limit = limit;
        patience = new WaitBudget((long)maxWait.TotalMilliseconds, Environment.TickCount64);
    }

    /// <summary>Bytes in use.</summary>
    public long Used => Volatile.Read(ref used);

    /// <summary>How long callers have waited so far, in milliseconds, taken together.</summary>
    public long WaitedMilliseconds => Volatile.Read(ref waitedMilliseconds);

    /// <summary>Takes bytes for the calling thread, waiting for them if it must.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="isFavoured">
    /// Whether it may be the bound's last ones, and the caller may wait for them. A quarter is left to those that are.
    /// </param>
    /// <returns>False when they are not to be had in time.</returns>
    public bool TryTake(long bytes, bool isFavoured = true)
    {
        // What is larger than the rest by itself has its chance when nothing waits.
        return isFavoured || !isAnythingQueued() ? TryTakeNow(bytes, limit) || WaitFor(bytes) : TryTakeNow(bytes, limit - (limit / 4));
    }

    /// <summary>Takes a few bytes more for something that cannot be turned back any longer.</summary>
    public void TakeAnyway(long bytes) => Interlocked.Add(ref used, bytes);

    /// <summary>What the calling thread took goes into the queue: the reader will return it.</summary>
    public void Admit() => EndOverdraft();

    /// <summary>The calling thread returns bytes that it did not admit.</summary>
    public void Return(long bytes)
    {
        Interlocked.Add(ref used, -bytes);
        EndOverdraft();
        lock (gate)
        {
            WakeWaiters();
        }
    }

    /// <summary>The reader has taken something from the queue and begins to write it.</summary>
    public void BeginDraining()
    {
        lock (gate)
        {
            rate.Begin(Environment.TickCount64);
        }
    }

    /// <summary>How many bytes the reader will return while callers may be kept waiting, if it goes on as it does.</summary>
    public long DrainedInPatience(long now)
    {
        lock (gate)
        {
            return rate.BytesIn(patience.Left(now), now);
        }
    }

    /// <summary>The reader returns bytes from the queue, having written what they held.</summary>
    public void ReturnQueued(long bytes)
    {
        Interlocked.Add(ref used, -bytes);
        lock (gate)
        {
            var now = Environment.TickCount64;
            rate.End(bytes, now);
            patience.Refill(now);
            WakeWaiters();
        }
    }

    /// <summary>Ends all waiting, for good.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            Monitor.PulseAll(gate);
        }
    }

    private bool TryTakeNow(long bytes, long within)
    {
        if (Interlocked.Add(ref used, bytes) <= within)
        {
            return true;
        }

        Interlocked.Add(ref used, -bytes);
        return false;
    }

    private bool WaitFor(long bytes)
    {
        lock (gate)
        {
            waiters++;
            var began = Environment.TickCount64;
            patience.Enter(began);
            try
            {
                while (!TryTakeNow(bytes, limit) && !TryOverdraw(bytes))
                {
                    var left = patience.Left(Environment.TickCount64);
                    if (left == 0 || closed)
                    {
                        return false;
                    }

                    Monitor.Wait(gate, (int)Math.Min(left, int.MaxValue));
                }

                return true;
            }
            finally
            {
                var now = Environment.TickCount64;
                patience.Leave(now);
                waitedMilliseconds += now - began;
                waiters--;
            }
        }
    }

    // When nothing is queued, everything in use belongs to callers in the middle of taking something, and if all of them wait
    // for more, nobody will ever return any. So one of them may go beyond the bound until it is through.
    private bool TryOverdraw(long bytes)
    {
        var thread = Environment.CurrentManagedThreadId;
        if (isAnythingQueued() || (overdrawnBy != 0 && overdrawnBy != thread))
        {
            return false;
        }

        overdrawnBy = thread;
        Interlocked.Add(ref used, bytes);
        return true;
    }

    private void EndOverdraft()
    {
        if (Volatile.Read(ref overdrawnBy) == Environment.CurrentManagedThreadId)
        {
            lock (gate)
            {
                overdrawnBy = 0;
                WakeWaiters();
            }
        }
    }

    private void WakeWaiters()
    {
        if (waiters > 0)
        {
            Monitor.PulseAll(gate);
        }
    }
}

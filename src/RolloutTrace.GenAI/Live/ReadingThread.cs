namespace RolloutTrace.GenAI.Live;

/// <summary>
/// The thread that reads what was taken of spans. To wake a thread costs a caller more than all else that it does, so it is woken
/// only if it has had nothing to do for a while; else it looks by itself.
/// </summary>
internal sealed class ReadingThread : IDisposable
{
    private const int LingerMilliseconds = 10;
    private const long ParkAfterMilliseconds = 500;

    private readonly LiveMapping mapping;
    private readonly Action<Exception> contain;
    private readonly AutoResetEvent wake = new(initialState: false);
    private readonly Thread thread;
    private int isParked;
    private volatile bool isEnding;

    public ReadingThread(LiveMapping mapping, Action<Exception> contain)
    {
        this.mapping = mapping;
        this.contain = contain;
        mapping.Added = Added;
        thread = new Thread(Run) { IsBackground = true, Name = "RolloutTrace spans" };
        thread.UnsafeStart();
    }

    /// <summary>It ends when it has read what it has in hand. Nobody waits for it.</summary>
    public void Dispose()
    {
        isEnding = true;
        wake.Set();
    }

    private void Run()
    {
        var busyAt = Environment.TickCount64;
        while (!isEnding)
        {
            try
            {
                if (mapping.ReadOne())
                {
                    busyAt = Environment.TickCount64;
                    continue;
                }
            }
            catch (Exception e)
            {
                contain(e);
            }

            if (Environment.TickCount64 - busyAt < ParkAfterMilliseconds)
            {
                wake.WaitOne(LingerMilliseconds);
                continue;
            }

            // It says that it sleeps, then looks; who adds does it the other way round.
            Interlocked.Exchange(ref isParked, 1);
            if (mapping.IsIdle && !isEnding)
            {
                wake.WaitOne();
            }

            Volatile.Write(ref isParked, 0);
        }
    }

    private void Added()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref isParked) == 1 && Interlocked.Exchange(ref isParked, 0) == 1)
        {
            wake.Set();
        }
    }
}

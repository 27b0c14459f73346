namespace RolloutTrace.GenAI.Live;

/// <summary>
/// Has the calls looked at that run for long, once they do. Where nothing that could be a call has started there is no timer running.
/// Safe for concurrent use.
/// </summary>
internal sealed class LongCalls : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(1);

    private readonly Func<DateTime, bool> lookAt;
    private readonly Timer timer;
    private int isArmed;

    /// <param name="lookAt">Looks at those that started before then, and tells whether there are younger ones. It does not throw.</param>
    public LongCalls(Func<DateTime, bool> lookAt)
    {
        this.lookAt = lookAt;
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
        {
            timer = new Timer(static state => ((LongCalls)state!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Something has started that may be a call.</summary>
    public void Started()
    {
        if (Volatile.Read(ref isArmed) == 0 && Interlocked.Exchange(ref isArmed, 1) == 0)
        {
            try
            {
                timer.Change(Long, Timeout.InfiniteTimeSpan);
            }
            catch (ObjectDisposedException)
            {
                // The program ends.
            }
        }
    }

    public void Dispose() => timer.Dispose();

    private void Look()
    {
        // What starts from here on is younger, and arms it again.
        Volatile.Write(ref isArmed, 0);
        if (lookAt(DateTime.UtcNow - Long))
        {
            Started();
        }
    }
}

namespace RolloutTrace.Cli;

/// <summary>
/// Reduces many bundles, several at a time. Workers take bundles from the front; whoever asks for outcomes gets
/// them in the order of the bundles, whatever the order in which they are done.
/// </summary>
internal sealed class ReductionRun : IDisposable
{
    private readonly IReadOnlyList<FoundBundle> bundles;
    private readonly BundleReducer reducer;

    // Written by the worker that has the bundle, read by the display; a double is read and written whole.
    private readonly BundleProgress[] progress;

    // Guarded by itself, which is also what its readers wait on.
    private readonly ReductionOutcome?[] outcomes;
    private readonly CountdownEvent remaining;
    private int next = -1;

    public ReductionRun(IReadOnlyList<FoundBundle> bundles, BundleReducer reducer)
    {
        this.bundles = bundles;
        this.reducer = reducer;
        remaining = new CountdownEvent(bundles.Count);
        outcomes = new ReductionOutcome?[bundles.Count];
        progress = new BundleProgress[bundles.Count];
        for (var i = 0; i < progress.Length; i++)
        {
            progress[i] = new BundleProgress();
        }
    }

    public int Count => outcomes.Length;

    public int Done => Count - remaining.CurrentCount;

    /// <summary>The part of the whole that is done, from 0 to 1.</summary>
    public double Fraction => progress.Average(static bundle => bundle.Fraction);

    /// <summary>Starts the workers and returns.</summary>
    public void Start(int workers)
    {
        for (var i = 0; i < Math.Min(workers, Count); i++)
        {
            new Thread(Work) { IsBackground = true, Name = $"reduce {i}" }.Start();
        }
    }

    /// <summary>Waits for the outcome of one bundle.</summary>
    public ReductionOutcome WaitFor(int index)
    {
        lock (outcomes)
        {
            ReductionOutcome? outcome;
            while ((outcome = outcomes[index]) is null)
            {
                Monitor.Wait(outcomes);
            }

            return outcome;
        }
    }

    /// <summary>Waits until all is done, or for a time; true if all is done.</summary>
    public bool WaitForAll(TimeSpan time) => remaining.Wait(time);

    public void Dispose() => remaining.Dispose();

    private void Work()
    {
        int index;
        while ((index = Interlocked.Increment(ref next)) < Count)
        {
            var outcome = reducer.Reduce(bundles[index], progress[index]);
            progress[index].Report(1);
            lock (outcomes)
            {
                outcomes[index] = outcome;
                remaining.Signal();
                Monitor.PulseAll(outcomes);
            }
        }
    }

    private sealed class BundleProgress : IProgress<double>
    {
        public double Fraction { get; private set; }

        public void Report(double value) => Fraction = value;
    }
}

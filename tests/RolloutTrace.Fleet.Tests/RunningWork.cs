using System.Collections.Concurrent;
using RolloutTrace.Stores;

namespace RolloutTrace.Fleet.Tests;

/// <summary>A worker at a queue, in this process, until it is disposed.</summary>
internal sealed class RunningWork : IAsyncDisposable, IWorkListener
{
    private readonly QueuedRollouts queue;
    private readonly QueueWork work;
    private readonly int tries;
    private CancellationTokenSource stop = new();
    private Task running;

    private RunningWork(QueuedRollouts queue, RolloutWorker worker, int tries)
    {
        this.queue = queue;
        this.tries = tries;
        var options = new QueueWorkOptions
        {
            Wait = TimeSpan.FromSeconds(1),
            FirstRetry = TimeSpan.FromMilliseconds(20),
            OutOfReach = TimeSpan.FromMilliseconds(50),
            Listener = this,
        };
        work = new QueueWork(queue, worker, options);
        running = work.RunAsync(stop.Token);
    }

    /// <summary>Until it stopped by itself, after so many tries as it was asked for.</summary>
    public Task Stopped => running.WaitAsync(TimeSpan.FromMinutes(1));

    public ConcurrentQueue<WorkOutcome> Outcomes { get; } = new();

    public static async Task<RunningWork> StartAsync(string url, RolloutWorker worker, int tries = int.MaxValue) =>
        new(await QueuedRollouts.OpenAsync(url, new RolloutStoreOptions { Timeout = TimeSpan.FromSeconds(5) }), worker, tries);

    /// <summary>Works on, once it has stopped by itself.</summary>
    public void GoOn()
    {
        stop.Dispose();
        stop = new CancellationTokenSource();
        running = work.RunAsync(stop.Token);
    }

    public void OnTried(WorkOutcome outcome, TimeSpan took)
    {
        Outcomes.Enqueue(outcome);
        if (Outcomes.Count == tries)
        {
            stop.Cancel();
        }
    }

    public void OnDead(string? key, string reason, string detail)
    {
    }

    public void OnTrouble(string problem)
    {
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromMinutes(1));
        await queue.DisposeAsync();
        stop.Dispose();
    }
}

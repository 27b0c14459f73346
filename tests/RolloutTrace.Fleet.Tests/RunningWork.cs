using System.Collections.Concurrent;
using RolloutTrace.Stores;

namespace RolloutTrace.Fleet.Tests;

/// <summary>A worker at a queue, in this process, until it is disposed.</summary>
internal sealed class RunningWork : IAsyncDisposable, IWorkListener
{
    private readonly CancellationTokenSource stop = new();
    private readonly QueuedRollouts queue;
    private readonly Task running;

    private RunningWork(QueuedRollouts queue, RolloutWorker worker)
    {
        this.queue = queue;
        var options = new QueueWorkOptions
        {
            Wait = TimeSpan.FromSeconds(1),
            FirstRetry = TimeSpan.FromMilliseconds(20),
            OutOfReach = TimeSpan.FromMilliseconds(50),
            Listener = this,
        };
        running = new QueueWork(queue, worker, options).RunAsync(stop.Token);
    }

    public ConcurrentQueue<WorkOutcome> Outcomes { get; } = new();

    public static async Task<RunningWork> StartAsync(string url, RolloutWorker worker) =>
        new(await QueuedRollouts.OpenAsync(url, new RolloutStoreOptions { Timeout = TimeSpan.FromSeconds(5) }), worker);

    public void OnTried(WorkOutcome outcome, TimeSpan took) => Outcomes.Enqueue(outcome);

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

using System.Threading.Channels;

namespace RolloutTrace.Receiver.Delivery;

/// <summary>
/// Work behind the answers, so much at a time. Each piece contains its own failures. Safe for concurrent use.
/// </summary>
internal sealed class WorkQueue(int atATime, Trouble trouble)
{
    private readonly Channel<Func<CancellationToken, Task>> waiting = Channel.CreateUnbounded<Func<CancellationToken, Task>>();
    private Task[] workers = [];

    /// <summary>Begins to work.</summary>
    public void Start(CancellationToken stop) => workers = [.. Enumerable.Range(0, atATime).Select(_ => Task.Run(() => RunAsync(stop), CancellationToken.None))];

    /// <summary>Adds a piece.</summary>
    public void Add(Func<CancellationToken, Task> work) => waiting.Writer.TryWrite(work);

    /// <summary>Waits for what is being done; it was told to stop.</summary>
    /// <param name="limit">How long that may take.</param>
    public async Task EndAsync(TimeSpan limit)
    {
        waiting.Writer.TryComplete();
        await Task.WhenAny(Task.WhenAll(workers), Task.Delay(limit)).ConfigureAwait(false);
    }

    private async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await foreach (var work in waiting.Reader.ReadAllAsync(stop).ConfigureAwait(false))
            {
                await RunAsync(work, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // What waits is found again at the next start.
        }
    }

    // What nobody foresaw stops one rollout, not those behind it.
    private async Task RunAsync(Func<CancellationToken, Task> work, CancellationToken stop)
    {
        try
        {
            await work(stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            trouble.Tell($"error: {e}");
        }
    }
}

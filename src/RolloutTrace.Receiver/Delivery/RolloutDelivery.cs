using RolloutTrace.Stores;

namespace RolloutTrace.Receiver.Delivery;

/// <summary>Puts packed rollouts into the store, and announces them. Safe for concurrent use.</summary>
/// <param name="store">The store.</param>
/// <param name="nats">The queue's servers; null for none.</param>
internal sealed class RolloutDelivery(RolloutStore store, string? nats) : IAsyncDisposable
{
    private readonly SemaphoreSlim connecting = new(1);
    private QueuedRollouts? queue;

    /// <summary>Gets what a key has; null if there is nothing.</summary>
    /// <exception cref="StoreException">The store cannot be asked.</exception>
    public async Task<FetchedRollout?> FindAsync(string key, CancellationToken stop)
    {
        try
        {
            return await store.FindAsync(key, stop).ConfigureAwait(false) is null ? null : await store.GetAsync(key, stop).ConfigureAwait(false);
        }
        catch (StoreException e) when (e.Kind is StoreExceptionKind.NoObject or StoreExceptionKind.NoStore)
        {
            // What is put first makes the store.
            return null;
        }
    }

    /// <summary>Puts a packed rollout and announces it. What was put and not announced, since the process ended, is announced when it is put again.</summary>
    /// <exception cref="StoreException">The store or the queue did not take it; it may be tried again.</exception>
    public async Task PutAsync(string key, string path, CancellationToken stop)
    {
        await store.PutAsync(key, path, stop).ConfigureAwait(false);
        if (nats is not null)
        {
            var message = await RolloutMessage.OfAsync(key, path, stop).ConfigureAwait(false);
            await (await QueueAsync(nats, stop).ConfigureAwait(false)).AnnounceAsync(message, stop).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (queue is not null)
        {
            await queue.DisposeAsync().ConfigureAwait(false);
        }

        await store.DisposeAsync().ConfigureAwait(false);
        connecting.Dispose();
    }

    // The queue may come later than we do.
    private async Task<QueuedRollouts> QueueAsync(string servers, CancellationToken stop)
    {
        await connecting.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            return queue ??= await QueuedRollouts.OpenAsync(servers, cancellation: stop).ConfigureAwait(false);
        }
        finally
        {
            connecting.Release();
        }
    }
}

using System.Runtime.CompilerServices;

namespace RolloutTrace.Stores;

/// <summary>A store in a bucket.</summary>
internal sealed class BucketStore(ObjectBucket bucket) : RolloutStore(bucket.Url)
{
    public override async Task<bool> PutAsync(string key, string path, CancellationToken cancellation = default)
    {
        RequireKey(key);
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = FileWords.OpenRead(path);
        var hash = await FileWords.HashAsync(path, cancellation).ConfigureAwait(false);
        return await bucket.PutAsync(key, file, hash, cancellation).ConfigureAwait(false);
    }

    public override async IAsyncEnumerable<StoredRollout> ListAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var item in bucket.ListAsync("", cancellation).ConfigureAwait(false))
        {
            if (RolloutKey.TryParse(item.Name, out _, out _))
            {
                yield return Of(item);
            }
        }
    }

    public override async Task<StoredRollout?> FindAsync(string key, CancellationToken cancellation = default) =>
        await bucket.FindAsync(key, cancellation).ConfigureAwait(false) is { } there ? Of(there) : null;

    public override Task<FetchedRollout> GetAsync(string key, CancellationToken cancellation = default)
    {
        ObjectBucket.RequireName(key);
        return FetchedRollout.WriteAsync(key, file => bucket.GetAsync(key, file, cancellation));
    }

    public override async ValueTask DisposeAsync()
    {
        await bucket.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private static StoredRollout Of(StoredObject item) => new() { Key = item.Name, Bytes = item.Bytes, Version = item.Version };
}

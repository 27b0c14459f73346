using RolloutTrace.Bundle;
using RolloutTrace.Packing;
using RolloutTrace.Stores;

namespace RolloutTrace.Cli;

/// <summary>Bundles in stores that are no directories. Each is got when it is opened, into a temporary file that is gone when it is closed.</summary>
internal sealed class StoredBundles
{
    // One connection a store, as long as the command runs.
    private readonly Dictionary<string, RolloutStore> stores = new(StringComparer.Ordinal);

    /// <summary>Whether a path of the command line means something in such a store.</summary>
    public static bool IsMeant(string path) => path.StartsWith("s3://", StringComparison.Ordinal) || path.StartsWith("nats://", StringComparison.Ordinal);

    /// <summary>The bundles that an address means: one object, those of a day, or all of a store, in ordinal order.</summary>
    public IReadOnlyList<FoundBundle> Find(string address)
    {
        try
        {
            var meant = StoreAddress.Parse(address);
            var store = StoreOf(meant.Store);
            if (meant.Key is { } key)
            {
                return store.FindAsync(key).GetAwaiter().GetResult() is null
                    ? [FoundBundle.None(address, $"{store.Url}: has no {key}")]
                    : [FoundBundle.InStore($"{store.Url}/{key}", () => Open(store, key))];
            }

            var keys = KeysAsync(store, meant.Day).GetAwaiter().GetResult();
            return keys.Count > 0
                ? [.. keys.Order(StringComparer.Ordinal).Select(stored => FoundBundle.InStore($"{store.Url}/{stored}", () => Open(store, stored)))]
                : [FoundBundle.None(address, $"{store.Url}: has no rollout{(meant.Day is null ? "" : $" of {meant.Day}")}")];
        }
        catch (Exception e) when (e is StoreException or ArgumentException)
        {
            return [FoundBundle.None(address, e.Message)];
        }
    }

    /// <summary>Gets the file of one. The caller disposes it.</summary>
    /// <exception cref="BundleException">It cannot be had.</exception>
    public FetchedRollout Fetch(string address)
    {
        try
        {
            var meant = StoreAddress.Parse(address);
            return Fetch(StoreOf(meant.Store), meant.Key ?? throw new BundleException($"{address}: is no object; give one, which ends in {PackedFormat.Extension}"));
        }
        catch (Exception e) when (e is StoreException or ArgumentException)
        {
            throw new BundleException(e.Message, e);
        }
    }

    private RolloutStore StoreOf(string url)
    {
        lock (stores)
        {
            return stores.TryGetValue(url, out var store) ? store : stores[url] = RolloutStore.Open(url);
        }
    }

    private static async Task<List<string>> KeysAsync(RolloutStore store, string? day)
    {
        var keys = new List<string>();
        await foreach (var stored in store.ListAsync().ConfigureAwait(false))
        {
            if (day is null || stored.Key.StartsWith(day + "/", StringComparison.Ordinal))
            {
                keys.Add(stored.Key);
            }
        }

        return keys;
    }

    private static OpenedBundle Open(RolloutStore store, string key)
    {
        var fetched = Fetch(store, key);
        try
        {
            var packed = PackedBundle.Open(fetched.Path);
            try
            {
                return new OpenedBundle(BundleReader.Open(packed), new Both(packed, fetched));
            }
            catch
            {
                packed.Dispose();
                throw;
            }
        }
        catch (BundleException e)
        {
            // It is known by where it was got from.
            var message = e.Message.Replace(fetched.Path, $"{store.Url}/{key}", StringComparison.Ordinal);
            fetched.Dispose();
            throw new BundleException(message, e);
        }
    }

    private static FetchedRollout Fetch(RolloutStore store, string key)
    {
        try
        {
            return store.GetAsync(key).GetAwaiter().GetResult();
        }
        catch (StoreException e)
        {
            throw new BundleException(e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BundleException($"{store.Url}/{key}: cannot be written to be read: {SystemWords.Of(e)}", e);
        }
    }

    private sealed class Both(IDisposable first, IDisposable second) : IDisposable
    {
        public void Dispose()
        {
            first.Dispose();
            second.Dispose();
        }
    }
}

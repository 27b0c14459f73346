namespace RolloutTrace.Stores;

/// <summary>
/// Where packed rollouts of many machines lie: a directory, <c>s3://bucket/prefix</c> or <c>nats://host:port/BUCKET</c>. An object is
/// <c>{day}/{bundle}.rollout.tar.zst</c>, see <see cref="RolloutKey"/>; whatever else lies there is no rollout. Safe for concurrent use, also of many machines.
/// </summary>
public abstract class RolloutStore : IAsyncDisposable
{
    private protected RolloutStore(string url) => Url = url;

    /// <summary>The store's address, without what is secret in it.</summary>
    public string Url { get; }

    /// <summary>Opens a store. Nothing is looked for yet: what is wrong with its place is said by what is asked of it first.</summary>
    /// <param name="url">
    /// A directory, which is made when something is put, and in which bundles that lie below it, packed or not, are rollouts too;
    /// <c>s3://bucket/prefix</c>, with keys, region and endpoint from the variables <c>AWS_*</c>; or <c>nats://host:port/BUCKET</c>, an object store of JetStream, which is made when something is put.
    /// </param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="StoreException">It is no such address.</exception>
    public static RolloutStore Open(string url, RolloutStoreOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(url);
        options ??= new RolloutStoreOptions();
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        return scheme < 0 ? new DirectoryStore(url) : url[..scheme] switch
        {
            "s3" or "nats" or "tls" => new BucketStore(ObjectBucket.Open(url, options)),
            _ => throw new StoreException($"{url}: is no store; give a directory, s3://bucket/prefix or nats://host:port/BUCKET") { Kind = StoreExceptionKind.Address },
        };
    }

    /// <summary>Whether a text is the address of a store, or of something in one, that is no directory.</summary>
    /// <param name="text">Any text.</param>
    public static bool IsAddress(string? text) =>
        text is not null && (text.StartsWith("s3://", StringComparison.Ordinal) || text.StartsWith("nats://", StringComparison.Ordinal));

    /// <summary>
    /// Puts a packed rollout. Whoever asks finds what was there or the new one, whole; when this returns, the store has it safe. Equal bytes change nothing,
    /// others replace what was there.
    /// </summary>
    /// <param name="key">Its key.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <returns>Whether anything was put; false where these very bytes were there.</returns>
    /// <exception cref="ArgumentException">It is no key.</exception>
    /// <exception cref="StoreException">It cannot be put, or the file not be read.</exception>
    public abstract Task<bool> PutAsync(string key, string path, CancellationToken cancellation = default);

    /// <summary>The rollouts that there are, in no order. What is put or goes meanwhile may be among them or not.</summary>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="StoreException">It cannot be listed.</exception>
    public abstract IAsyncEnumerable<StoredRollout> ListAsync(CancellationToken cancellation = default);

    /// <summary>Looks for one.</summary>
    /// <param name="key">Its key, or another name within the store.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="ArgumentException">It is no name within a store.</exception>
    /// <exception cref="StoreException">It cannot be looked for.</exception>
    public abstract Task<StoredRollout?> FindAsync(string key, CancellationToken cancellation = default);

    /// <summary>Gets one as a file. Dispose it when it is read.</summary>
    /// <param name="key">Its key, or another name within the store.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="ArgumentException">It is no name within a store.</exception>
    /// <exception cref="StoreException">There is none (<see cref="StoreExceptionKind.NoObject"/>), or it cannot be got.</exception>
    /// <exception cref="IOException">It cannot be written here.</exception>
    public abstract Task<FetchedRollout> GetAsync(string key, CancellationToken cancellation = default);

    /// <summary>Ends what the store has open.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private protected static void RequireKey(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!RolloutKey.TryParse(key, out _, out _))
        {
            throw new ArgumentException($"'{key}' is no rollout's key", nameof(key));
        }
    }
}

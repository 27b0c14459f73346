namespace RolloutTrace.Stores;

/// <summary>
/// Objects by name: those of <c>s3://bucket/prefix</c>, or of <c>nats://host:port/BUCKET</c>, an object store of JetStream. Safe for concurrent use, also of
/// many machines.
/// </summary>
public abstract class ObjectBucket : IAsyncDisposable
{
    private protected ObjectBucket(string url) => Url = url;

    /// <summary>The address, without what is secret in it.</summary>
    public string Url { get; }

    /// <summary>Whether those whose names begin alike are listed without a look at all the others. An object store of NATS cannot do so.</summary>
    public abstract bool ListsByPrefix { get; }

    /// <summary>Whether a put makes it where it is not there.</summary>
    public abstract bool IsMadeByPut { get; }

    /// <summary>Opens one. Nothing is looked for yet.</summary>
    /// <param name="url"><c>s3://bucket/prefix</c>, with keys, region and endpoint from the variables <c>AWS_*</c>; or <c>nats://host:port/BUCKET</c>, which is made when something is put.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="StoreException">It is no such address.</exception>
    public static ObjectBucket Open(string url, RolloutStoreOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(url);
        options ??= new RolloutStoreOptions();
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        return (scheme < 0 ? "" : url[..scheme]) switch
        {
            "s3" => S3Bucket.At(url, options),
            "nats" or "tls" => NatsBucket.At(url, options),
            _ => throw new StoreException($"{url}: names no bucket; give s3://bucket/prefix or nats://host:port/BUCKET") { Kind = StoreExceptionKind.Address },
        };
    }

    /// <summary>The objects whose names begin so, in no order. What is put or goes meanwhile may be among them or not.</summary>
    /// <param name="prefix">What their names begin with; empty for all.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="StoreException">They cannot be listed.</exception>
    public abstract IAsyncEnumerable<StoredObject> ListAsync(string prefix, CancellationToken cancellation = default);

    /// <summary>What follows in names behind a prefix up to the next slash, each once, in no order; a name without another slash is not meant.</summary>
    /// <param name="prefix">What the names begin with, up to a slash; empty for all.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="StoreException">They cannot be listed.</exception>
    public abstract IAsyncEnumerable<string> ListFoldersAsync(string prefix, CancellationToken cancellation = default);

    /// <summary>Looks for one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="ArgumentException">It is no name.</exception>
    /// <exception cref="StoreException">It cannot be looked for.</exception>
    public abstract Task<StoredObject?> FindAsync(string name, CancellationToken cancellation = default);

    /// <summary>Puts one; whoever asks finds what was there or the new one, whole.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">All its bytes, from where it stands; it can seek.</param>
    /// <param name="sha256">Their SHA-256 in hex digits: where these very bytes are there, nothing is put. Null to put it in any case.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <returns>Whether anything was put.</returns>
    /// <exception cref="ArgumentException">It is no name.</exception>
    /// <exception cref="StoreException">It cannot be put.</exception>
    public abstract Task<bool> PutAsync(string name, Stream content, string? sha256 = null, CancellationToken cancellation = default);

    /// <summary>Gets one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="output">Takes its bytes.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <returns>Its <see cref="StoredObject.Version"/>.</returns>
    /// <exception cref="ArgumentException">It is no name.</exception>
    /// <exception cref="StoreException">There is none (<see cref="StoreExceptionKind.NoObject"/>), or it cannot be got.</exception>
    public abstract Task<string> GetAsync(string name, Stream output, CancellationToken cancellation = default);

    /// <summary>Deletes one, if it is there.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="ArgumentException">It is no name.</exception>
    /// <exception cref="StoreException">It cannot be deleted.</exception>
    public abstract Task DeleteAsync(string name, CancellationToken cancellation = default);

    /// <summary>Ends what is open.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    // What is asked for may come from a message of a stranger.
    internal static void RequireName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0 || name.Contains('\\', StringComparison.Ordinal) || name.Any(char.IsControl) || name.Split('/').Any(static part => part is "" or "." or ".."))
        {
            throw new ArgumentException($"'{name}' is no name within a store", nameof(name));
        }
    }
}

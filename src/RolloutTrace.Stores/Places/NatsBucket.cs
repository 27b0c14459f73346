using System.Runtime.CompilerServices;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;
using NATS.Client.ObjectStore;
using NATS.Client.ObjectStore.Models;

namespace RolloutTrace.Stores;

/// <summary>An object store of NATS JetStream.</summary>
internal sealed class NatsBucket : ObjectBucket
{
    // A second for each so many bytes, beyond the time of an answer: who is slower than this is not there.
    private const int SlowestPerSecond = 256 << 10;
    private const string DigestName = "SHA-256=";

    private readonly NatsServers servers;
    private readonly RolloutStoreOptions options;
    private readonly SemaphoreSlim gate = new(1);
    private NatsConnection? connection;
    private NatsObjContext? context;
    private INatsObjStore? bucketOfServer;

    private NatsBucket(string url, NatsServers servers, string bucket, RolloutStoreOptions options)
        : base(url)
    {
        this.servers = servers;
        this.options = options;
        Bucket = bucket;
    }

    private string Bucket { get; }

    public static NatsBucket At(string url, RolloutStoreOptions options)
    {
        var (address, bucket) = Split(url);
        var servers = NatsServers.Parse(address);
        if (bucket.Length == 0 || !bucket.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw new StoreException($"{servers.Shown}/{bucket}: names no bucket of letters, digits, - and _; give nats://host:port/BUCKET") { Kind = StoreExceptionKind.Address };
        }

        return new NatsBucket($"{servers.Shown}/{bucket}", servers, bucket, options);
    }

    public override bool ListsByPrefix => false;

    public override bool IsMadeByPut => true;

    public override async Task<bool> PutAsync(string name, Stream content, string? sha256 = null, CancellationToken cancellation = default)
    {
        RequireName(name);
        ArgumentNullException.ThrowIfNull(content);
        var bytes = content.Length - content.Position;
        return await AskAsync(name, "put", bytes, async limit =>
        {
            var store = (await BucketAsync(create: true, limit).ConfigureAwait(false))!;
            if (sha256 is not null && await InfoAsync(store, name, limit).ConfigureAwait(false) is { } there && there.Size == (ulong)bytes && HashOf(there) == sha256)
            {
                return false;
            }

            await store.PutAsync(new ObjectMetadata { Name = name }, content, leaveOpen: true, limit).ConfigureAwait(false);
            return true;
        }, cancellation).ConfigureAwait(false);
    }

    public override async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var found = await AskAsync("", "listed", 1L << 30, async limit =>
        {
            var all = new List<StoredObject>();
            var store = await RequireBucketAsync(limit).ConfigureAwait(false);
            await foreach (var item in store.ListAsync(cancellationToken: limit).ConfigureAwait(false))
            {
                if (!item.Deleted && item.Options?.Link is null && item.Name.StartsWith(prefix, StringComparison.Ordinal))
                {
                    all.Add(Of(item));
                }
            }

            return all;
        }, cancellation).ConfigureAwait(false);
        foreach (var item in found)
        {
            yield return item;
        }
    }

    public override async IAsyncEnumerable<string> ListFoldersAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var item in ListAsync(prefix, cancellation).ConfigureAwait(false))
        {
            var slash = item.Name.IndexOf('/', prefix.Length);
            if (slash > 0 && found.Add(item.Name[prefix.Length..slash]))
            {
                yield return item.Name[prefix.Length..slash];
            }
        }
    }

    public override async Task<StoredObject?> FindAsync(string name, CancellationToken cancellation = default)
    {
        RequireName(name);
        return await AskAsync(name, "looked for", 0, async limit =>
            await InfoAsync(await RequireBucketAsync(limit).ConfigureAwait(false), name, limit).ConfigureAwait(false) is { } there ? Of(there) : null, cancellation).ConfigureAwait(false);
    }

    public override async Task<string> GetAsync(string name, Stream output, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        var stored = await FindAsync(name, cancellation).ConfigureAwait(false) ?? throw StoreException.Missing(Url, name);
        return await AskAsync(name, "got", stored.Bytes, async limit =>
        {
            try
            {
                var store = await RequireBucketAsync(limit).ConfigureAwait(false);
                return Of(await store.GetAsync(name, output, leaveOpen: true, limit).ConfigureAwait(false)).Version;
            }
            catch (NatsObjNotFoundException)
            {
                throw StoreException.Missing(Url, name);
            }
        }, cancellation).ConfigureAwait(false);
    }

    public override async Task DeleteAsync(string name, CancellationToken cancellation = default)
    {
        RequireName(name);
        await AskAsync(name, "deleted", 0, async limit =>
        {
            var store = await RequireBucketAsync(limit).ConfigureAwait(false);
            if (await InfoAsync(store, name, limit).ConfigureAwait(false) is null)
            {
                return false;
            }

            await store.DeleteAsync(name, limit).ConfigureAwait(false);

            // What it leaves says that it is gone, and would be listed for ever.
            var said = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(name)).Replace('+', '-').Replace('/', '_');
            await store.JetStreamContext.PurgeStreamAsync($"OBJ_{Bucket}", new StreamPurgeRequest { Filter = $"$O.{Bucket}.M.{said}" }, limit).ConfigureAwait(false);
            return true;
        }, cancellation).ConfigureAwait(false);
    }

    public override async ValueTask DisposeAsync()
    {
        if (connection is not null)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }

        gate.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The servers of an address, and what follows behind them.</summary>
    internal static (string Servers, string Place) Split(string url)
    {
        var from = url.LastIndexOf("://", StringComparison.Ordinal) + 3;
        var slash = url.IndexOf('/', from);
        return slash < 0 ? (url, "") : (url[..slash], url[(slash + 1)..].TrimEnd('/'));
    }

    private static StoredObject Of(ObjectMetadata item) => new() { Name = item.Name, Bytes = (long)item.Size, Version = $"{item.Digest}-{item.Nuid}", PutAt = item.MTime };

    private static string HashOf(ObjectMetadata item)
    {
        if (item.Digest?.StartsWith(DigestName, StringComparison.Ordinal) != true)
        {
            return "";
        }

        try
        {
            var digits = item.Digest[DigestName.Length..].TrimEnd('=').Replace('-', '+').Replace('_', '/');
            return Convert.ToHexStringLower(Convert.FromBase64String(digits.PadRight((digits.Length + 3) / 4 * 4, '=')));
        }
        catch (FormatException)
        {
            return "";
        }
    }

    private static async Task<ObjectMetadata?> InfoAsync(INatsObjStore store, string key, CancellationToken cancellation)
    {
        try
        {
            var there = await store.GetInfoAsync(key, showDeleted: false, cancellation).ConfigureAwait(false);
            return there.Deleted ? null : there;
        }
        catch (NatsObjNotFoundException)
        {
            return null;
        }
    }

    private async Task<INatsObjStore> RequireBucketAsync(CancellationToken cancellation) =>
        await BucketAsync(create: false, cancellation).ConfigureAwait(false) ?? throw new StoreException($"{Url}: there is no such object store") { Kind = StoreExceptionKind.NoStore };

    private async Task<INatsObjStore?> BucketAsync(bool create, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (bucketOfServer is not null)
            {
                return bucketOfServer;
            }

            connection ??= await servers.ConnectAsync(options.Timeout, cancellation).ConfigureAwait(false);
            context ??= new NatsObjContext(new NatsJSContext(connection));
            try
            {
                bucketOfServer = await context.GetObjectStoreAsync(Bucket, cancellation).ConfigureAwait(false);
            }
            catch (NatsJSApiException e) when (e.Error.Code == 404)
            {
                if (create)
                {
                    bucketOfServer = await context.CreateObjectStoreAsync(new NatsObjConfig(Bucket) { NumberOfReplicas = options.Replicas }, cancellation).ConfigureAwait(false);
                }
            }

            return bucketOfServer;
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<T> AskAsync<T>(string key, string what, long bytes, Func<CancellationToken, Task<T>> ask, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter((2 * options.Timeout) + TimeSpan.FromSeconds(bytes / SlowestPerSecond));
        try
        {
            return await ask(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (NatsServers.IsOfTheWay(e, cancellation))
        {
            throw new StoreException($"{Url}: {(key.Length == 0 ? "" : key + " ")}cannot be {what}: {NatsServers.Words(e)}", e) { Kind = NatsServers.KindOf(e) };
        }
    }
}

using RolloutTrace.Lake;
using RolloutTrace.Stores;

namespace RolloutTrace.Fleet.Tests;

/// <summary>A lake in a bucket of a server on loopback, which goes when it is disposed.</summary>
internal sealed class BucketLake : IAsyncDisposable
{
    private readonly IAsyncDisposable server;

    private BucketLake(IAsyncDisposable server, string url, Dictionary<string, string> environment)
    {
        this.server = server;
        Environment = environment;
        Url = url;
        Bucket = ObjectBucket.Open(url, new RolloutStoreOptions { Environment = environment.GetValueOrDefault });
        Files = new BucketFiles(Bucket);
    }

    public string Url { get; }

    /// <summary>The variables that lead to it.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    public ObjectBucket Bucket { get; }

    public BucketFiles Files { get; }

    /// <summary>Starts one: <c>s3</c> (a server of ours), <c>s3rver</c> or <c>nats</c>.</summary>
    public static async Task<BucketLake> StartAsync(string kind)
    {
        if (kind == "nats")
        {
            var nats = await NatsServer.StartAsync();
            return new BucketLake(nats, $"{nats.Url}/lake", []);
        }

        IAsyncDisposable server;
        string address;
        if (kind == "s3rver")
        {
            var real = await S3Rver.StartAsync();
            (server, address) = (real, real.Address);
        }
        else
        {
            var ours = await S3Server.StartAsync();
            (server, address) = (ours, ours.Address);
        }

        return new BucketLake(server, $"s3://{S3Server.Bucket}/some/lake", new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AWS_ENDPOINT_URL"] = address,
            ["AWS_ACCESS_KEY_ID"] = "S3RVER",
            ["AWS_SECRET_ACCESS_KEY"] = "S3RVER",
        });
    }

    /// <summary>The names of all objects.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync()
    {
        var names = new List<string>();
        await foreach (var item in Bucket.ListAsync(""))
        {
            names.Add(item.Name);
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }

    public async Task<byte[]> ReadAsync(string name)
    {
        using var content = new MemoryStream();
        await Bucket.GetAsync(name, content);
        return content.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        await Bucket.DisposeAsync();
        await server.DisposeAsync();
    }
}

namespace RolloutTrace.Stores.Tests;

/// <summary>A store and what it is in, with files to put; gone when disposed.</summary>
internal sealed class StoreFixture : IAsyncDisposable
{
    public const string Key = "2026-02-02/trace-1-a.rollout.tar.zst";
    public const string Other = "2026-02-03/trace-2-b.rollout.tar.zst";
    public const string Third = "1970-01-01/trace-3-c%20d.rollout.tar.zst";

    private readonly DirectoryInfo directory = System.IO.Directory.CreateTempSubdirectory("rollout-trace-store-");
    private readonly IAsyncDisposable? server;

    private StoreFixture(IAsyncDisposable? server, string? url, Func<string, string?>? environment = null)
    {
        this.server = server;
        Url = url ?? Path.Join(directory.FullName, "store");
        Store = RolloutStore.Open(Url, new RolloutStoreOptions { Environment = environment ?? (static _ => null) });
    }

    public string Url { get; }

    public RolloutStore Store { get; }

    /// <summary>A directory for what a test likes.</summary>
    public string Directory => directory.FullName;

    /// <summary>A store of a kind: <c>directory</c>, <c>s3</c> or <c>nats</c>.</summary>
    public static async Task<StoreFixture> OfAsync(string kind)
    {
        switch (kind)
        {
            case "directory":
                return new StoreFixture(server: null, url: null);
            case "s3":
                var s3 = await S3Server.StartAsync();
                return new StoreFixture(s3, $"s3://{S3Server.Bucket}/some/where", EnvironmentOf(s3.Address));
            default:
                var nats = await NatsServer.StartAsync();
                return new StoreFixture(nats, $"{nats.Url}/traces");
        }
    }

    public static Func<string, string?> EnvironmentOf(string endpoint) => name => name switch
    {
        "AWS_ENDPOINT_URL" => endpoint,
        "AWS_ACCESS_KEY_ID" => "id",
        "AWS_SECRET_ACCESS_KEY" => "secret",
        _ => null,
    };

    /// <summary>A file with so many bytes that depend on the seed.</summary>
    public string File(int seed, int length = 1000)
    {
        var content = new byte[length];
        new Random(seed).NextBytes(content);
        var path = Path.Join(Directory, $"file-{seed}-{length}");
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    public async Task<IReadOnlyList<string>> KeysAsync()
    {
        var keys = new List<string>();
        await foreach (var stored in Store.ListAsync())
        {
            keys.Add(stored.Key);
        }

        keys.Sort(StringComparer.Ordinal);
        return keys;
    }

    public async Task ShouldHoldAsync(string key, string file)
    {
        using var fetched = await Store.GetAsync(key);
        (await System.IO.File.ReadAllBytesAsync(fetched.Path)).ShouldBe(await System.IO.File.ReadAllBytesAsync(file));
        (await Store.FindAsync(key)).ShouldNotBeNull().Version.ShouldBe(fetched.Version);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        if (server is not null)
        {
            await server.DisposeAsync();
        }

        directory.Delete(recursive: true);
    }
}

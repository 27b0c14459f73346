using RolloutTrace.Fleet;
using RolloutTrace.Lake;
using RolloutTrace.Stores;

namespace RolloutTrace.Cli;

/// <summary>A lake where the command line says: in a directory, in a bucket of S3 or in an object store of NATS.</summary>
internal sealed class LakePlace : IAsyncDisposable
{
    /// <summary>What options say of it.</summary>
    public const string Meaning = "a directory, s3://bucket/prefix (keys, region and endpoint from the variables AWS_*), or nats://host:port/BUCKET";

    private readonly ObjectBucket? bucket;

    private LakePlace(LakeFiles files, ObjectBucket? bucket)
    {
        Files = files;
        this.bucket = bucket;
    }

    public LakeFiles Files { get; }

    public bool IsBucket => bucket is not null;

    /// <summary>Opens it.</summary>
    /// <returns>Null, and said why, if it is none.</returns>
    public static LakePlace? TryOpen(string place, CommandConsole console, RolloutStoreOptions? options = null)
    {
        try
        {
            if (File.Exists(place))
            {
                console.Tell($"error: {place}: is a file; give the lake's directory");
                return null;
            }

            if (!place.Contains("://", StringComparison.Ordinal))
            {
                return new LakePlace(RolloutLake.InDirectory(place), bucket: null);
            }

            var bucket = ObjectBucket.Open(place, options);
            return new LakePlace(new BucketFiles(bucket), bucket);
        }
        catch (Exception e) when (e is StoreException or ArgumentException)
        {
            console.Tell($"error: {e.Message}");
            return null;
        }
    }

    /// <summary>What is wrong with it, in words that begin with its place.</summary>
    public string Words(string what, Exception e) => e.Message.StartsWith($"{Files.Place}: ", StringComparison.Ordinal) ? e.Message : $"{Files.Place}: {what}{SystemWords.Of(e)}";

    public async ValueTask DisposeAsync()
    {
        if (bucket is not null)
        {
            await bucket.DisposeAsync().ConfigureAwait(false);
        }
    }
}

using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace RolloutTrace.Stores;

/// <summary>A store in a bucket of S3, or of what speaks it.</summary>
internal sealed class S3Store : RolloutStore
{
    private const string HashName = "sha256";

    private readonly Lazy<AmazonS3Client> client;
    private readonly string bucket;
    private readonly string prefix;

    private readonly Func<string, string?> environment;
    private readonly TimeSpan timeout;

    private S3Store(string url, string bucket, string prefix, RolloutStoreOptions options)
        : base(url)
    {
        environment = options.Environment;
        timeout = options.Timeout;
        this.bucket = bucket;
        this.prefix = prefix;
        client = new Lazy<AmazonS3Client>(Connect);
    }

    public static S3Store At(string url, RolloutStoreOptions options)
    {
        var place = url["s3://".Length..].TrimEnd('/');
        var slash = place.IndexOf('/', StringComparison.Ordinal);
        var bucket = slash < 0 ? place : place[..slash];
        if (bucket.Length is < 3 or > 63 || !bucket.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.'))
        {
            throw new StoreException($"{url}: names no bucket; give s3://bucket or s3://bucket/prefix") { Kind = StoreExceptionKind.Address };
        }

        return new S3Store($"s3://{place}", bucket, slash < 0 ? "" : place[(slash + 1)..] + "/", options);
    }

    public override async Task<bool> PutAsync(string key, string path, CancellationToken cancellation = default)
    {
        RequireKey(key);
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = FileWords.OpenRead(path);
        var hash = await FileWords.HashAsync(path, cancellation).ConfigureAwait(false);
        var there = await HeadAsync(key, cancellation).ConfigureAwait(false);
        if (there is not null && there.ContentLength == file.Length && there.Metadata[HashName] == hash)
        {
            return false;
        }

        // As one body with its length: what only speaks the plain protocol takes neither chunks nor checksums behind them.
        var request = new PutObjectRequest
        {
            BucketName = bucket,
            Key = prefix + key,
            InputStream = file,
            AutoCloseStream = false,
            ContentType = "application/zstd",
            UseChunkEncoding = false,
            DisableDefaultChecksumValidation = true,
        };
        request.Metadata[HashName] = hash;
        await AskAsync(key, "put", () => client.Value.PutObjectAsync(request, cancellation)).ConfigureAwait(false);
        return true;
    }

    public override async IAsyncEnumerable<StoredRollout> ListAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix };
        do
        {
            var page = await AskAsync("", "listed", () => client.Value.ListObjectsV2Async(request, cancellation)).ConfigureAwait(false);
            foreach (var item in page.S3Objects ?? [])
            {
                if (item.Key.StartsWith(prefix, StringComparison.Ordinal) && RolloutKey.TryParse(item.Key[prefix.Length..], out _, out _))
                {
                    yield return new StoredRollout { Key = item.Key[prefix.Length..], Bytes = item.Size, Version = item.ETag ?? "" };
                }
            }

            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    public override async Task<StoredRollout?> FindAsync(string key, CancellationToken cancellation = default)
    {
        RequireName(key);
        return await HeadAsync(key, cancellation).ConfigureAwait(false) is { } there
            ? new StoredRollout { Key = key, Bytes = there.ContentLength, Version = there.ETag ?? "" }
            : null;
    }

    public override Task<FetchedRollout> GetAsync(string key, CancellationToken cancellation = default)
    {
        RequireName(key);
        return FetchedRollout.WriteAsync(key, async file =>
        {
            using var got = await AskAsync(key, "got", () => client.Value.GetObjectAsync(bucket, prefix + key, cancellation)).ConfigureAwait(false);
            await ReadAsync(key, got, file, cancellation).ConfigureAwait(false);
            return got.ETag ?? "";
        });
    }

    public override ValueTask DisposeAsync()
    {
        if (client.IsValueCreated)
        {
            client.Value.Dispose();
        }

        return base.DisposeAsync();
    }

    private async Task ReadAsync(string key, GetObjectResponse got, Stream file, CancellationToken cancellation)
    {
        var buffer = new byte[1 << 16];
        while (true)
        {
            int count;
            try
            {
                count = await got.ResponseStream.ReadAsync(buffer, cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (IsOfTheWay(e, cancellation))
            {
                throw new StoreException($"{Url}: {key} cannot be got: {e.Message}", e);
            }

            if (count == 0)
            {
                break;
            }

            await file.WriteAsync(buffer.AsMemory(0, count), cancellation).ConfigureAwait(false);
        }

        if (file.Length != got.ContentLength)
        {
            throw new StoreException(string.Create(CultureInfo.InvariantCulture, $"{Url}: {key} cannot be got: it ended after {file.Length} of {got.ContentLength} bytes"));
        }
    }

    private async Task<GetObjectMetadataResponse?> HeadAsync(string key, CancellationToken cancellation)
    {
        try
        {
            return await AskAsync(key, "looked for", () => client.Value.GetObjectMetadataAsync(bucket, prefix + key, cancellation)).ConfigureAwait(false);
        }
        catch (StoreException e) when (e.Kind == StoreExceptionKind.NoObject)
        {
            return null;
        }
    }

    private async Task<T> AskAsync<T>(string key, string what, Func<Task<T>> ask)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            throw StoreException.Missing(Url, key);
        }
        catch (Exception e) when (IsOfTheWay(e, CancellationToken.None))
        {
            throw new StoreException($"{Url}: {(key.Length == 0 ? "" : key + " ")}cannot be {what}{AtEndpoint}: {Words(e)}", e) { Kind = KindOf(e) };
        }
    }

    private string AtEndpoint => Endpoint is { } endpoint ? $" at {endpoint}" : "";

    private static StoreExceptionKind KindOf(Exception e) => e switch
    {
        AmazonS3Exception { ErrorCode: "NoSuchBucket" } => StoreExceptionKind.NoStore,
        AmazonS3Exception { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => StoreExceptionKind.Denied,
        _ => StoreExceptionKind.OutOfReach,
    };

    // The SDK's own say which of its layers failed; why is within.
    private static string Words(Exception e) => e is AmazonS3Exception s3
        ? $"{(int)s3.StatusCode} {s3.ErrorCode}: {s3.Message}"
        : e.InnerException is { } inner && e is not AmazonClientException ? $"{e.Message} ({inner.Message})" : e.Message;

    private static bool IsOfTheWay(Exception e, CancellationToken cancellation) =>
        e is AmazonClientException or AmazonServiceException or HttpRequestException or WebException or IOException or TimeoutException or UriFormatException
        || (e is OperationCanceledException && !cancellation.IsCancellationRequested);

    private string? Endpoint => Variable("AWS_ENDPOINT_URL_S3") ?? Variable("AWS_ENDPOINT_URL");

    private string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;

    private AmazonS3Client Connect()
    {
        var region = Variable("AWS_REGION") ?? Variable("AWS_DEFAULT_REGION") ?? "us-east-1";
        var config = new AmazonS3Config
        {
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            Timeout = TimeSpan.FromMinutes(5),
            ConnectTimeout = timeout,
            MaxErrorRetry = 2,
        };
        if (Endpoint is { } endpoint)
        {
            config.ServiceURL = endpoint;
            config.ForcePathStyle = true;
            config.AuthenticationRegion = region;
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        // What the SDK finds by itself otherwise: profiles, web identities, the machine's own.
        return Variable("AWS_ACCESS_KEY_ID") is not { } id || Variable("AWS_SECRET_ACCESS_KEY") is not { } secret ? new AmazonS3Client(config)
            : Variable("AWS_SESSION_TOKEN") is { } token ? new AmazonS3Client(new SessionAWSCredentials(id, secret, token), config)
            : new AmazonS3Client(new BasicAWSCredentials(id, secret), config);
    }
}

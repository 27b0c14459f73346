using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace RolloutTrace.Stores;

/// <summary>A bucket of S3, or of what speaks it.</summary>
internal sealed class S3Bucket : ObjectBucket
{
    private const string HashName = "sha256";

    private readonly Lazy<AmazonS3Client> client;
    private readonly string bucket;
    private readonly string prefix;

    private readonly Func<string, string?> environment;
    private readonly TimeSpan timeout;

    private S3Bucket(string url, string bucket, string prefix, RolloutStoreOptions options)
        : base(url)
    {
        environment = options.Environment;
        timeout = options.Timeout;
        this.bucket = bucket;
        this.prefix = prefix;
        client = new Lazy<AmazonS3Client>(Connect);
    }

    public static S3Bucket At(string url, RolloutStoreOptions options)
    {
        var place = url["s3://".Length..].TrimEnd('/');
        var slash = place.IndexOf('/', StringComparison.Ordinal);
        var bucket = slash < 0 ? place : place[..slash];
        if (bucket.Length is < 3 or > 63 || !bucket.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.'))
        {
            throw new StoreException($"{url}: names no bucket; give s3://bucket or s3://bucket/prefix") { Kind = StoreExceptionKind.Address };
        }

        return new S3Bucket($"s3://{place}", bucket, slash < 0 ? "" : place[(slash + 1)..] + "/", options);
    }

    public override bool ListsByPrefix => true;

    public override bool IsMadeByPut => false;

    public override async Task<bool> PutAsync(string name, Stream content, string? sha256 = null, CancellationToken cancellation = default)
    {
        RequireName(name);
        if (sha256 is not null && await HeadAsync(name, cancellation).ConfigureAwait(false) is { } there && there.ContentLength == content.Length - content.Position && there.Metadata[HashName] == sha256)
        {
            return false;
        }

        // As one body with its length: what only speaks the plain protocol takes neither chunks nor checksums behind them.
        var request = new PutObjectRequest
        {
            BucketName = bucket,
            Key = prefix + name,
            InputStream = content,
            AutoCloseStream = false,
            ContentType = name.EndsWith(".zst", StringComparison.Ordinal) ? "application/zstd" : "application/octet-stream",
            UseChunkEncoding = false,
            DisableDefaultChecksumValidation = true,
        };
        if (sha256 is not null)
        {
            request.Metadata[HashName] = sha256;
        }

        await AskAsync(name, "put", () => client.Value.PutObjectAsync(request, cancellation)).ConfigureAwait(false);
        return true;
    }

    public override async IAsyncEnumerable<StoredObject> ListAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = this.prefix + prefix };
        await foreach (var page in PagesAsync(request, cancellation).ConfigureAwait(false))
        {
            foreach (var item in page.S3Objects ?? [])
            {
                if (item.Key.StartsWith(request.Prefix, StringComparison.Ordinal))
                {
                    yield return new StoredObject { Name = item.Key[this.prefix.Length..], Bytes = item.Size ?? 0, Version = item.ETag ?? "", PutAt = PutAt(item.LastModified) };
                }
            }
        }
    }

    public override async IAsyncEnumerable<string> ListFoldersAsync(string prefix, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        await foreach (var page in PagesAsync(new ListObjectsV2Request { BucketName = bucket, Prefix = this.prefix + prefix, Delimiter = "/" }, cancellation).ConfigureAwait(false))
        {
            foreach (var folder in page.CommonPrefixes ?? [])
            {
                yield return folder[(this.prefix.Length + prefix.Length)..].TrimEnd('/');
            }
        }
    }

    public override async Task<StoredObject?> FindAsync(string name, CancellationToken cancellation = default)
    {
        RequireName(name);
        return await HeadAsync(name, cancellation).ConfigureAwait(false) is { } there
            ? new StoredObject { Name = name, Bytes = there.ContentLength, Version = there.ETag ?? "", PutAt = PutAt(there.LastModified) }
            : null;
    }

    public override async Task<string> GetAsync(string name, Stream output, CancellationToken cancellation = default)
    {
        RequireName(name);
        ArgumentNullException.ThrowIfNull(output);
        using var got = await AskAsync(name, "got", () => client.Value.GetObjectAsync(bucket, prefix + name, cancellation)).ConfigureAwait(false);
        await ReadAsync(name, got, output, cancellation).ConfigureAwait(false);
        return got.ETag ?? "";
    }

    public override Task DeleteAsync(string name, CancellationToken cancellation = default)
    {
        RequireName(name);
        return AskAsync(name, "deleted", () => client.Value.DeleteObjectAsync(bucket, prefix + name, cancellation));
    }

    public override ValueTask DisposeAsync()
    {
        if (client.IsValueCreated)
        {
            client.Value.Dispose();
        }

        return base.DisposeAsync();
    }

    private static DateTimeOffset PutAt(DateTime? time) => time is { } known ? new DateTimeOffset(known.ToUniversalTime()) : default;

    private async Task ReadAsync(string key, GetObjectResponse got, Stream output, CancellationToken cancellation)
    {
        var read = 0L;
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

            await output.WriteAsync(buffer.AsMemory(0, count), cancellation).ConfigureAwait(false);
            read += count;
        }

        if (read != got.ContentLength)
        {
            throw new StoreException(string.Create(CultureInfo.InvariantCulture, $"{Url}: {key} cannot be got: it ended after {read} of {got.ContentLength} bytes"));
        }
    }

    private async IAsyncEnumerable<ListObjectsV2Response> PagesAsync(ListObjectsV2Request request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        do
        {
            var page = await AskAsync("", "listed", () => client.Value.ListObjectsV2Async(request, cancellation)).ConfigureAwait(false);
            yield return page;
            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
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

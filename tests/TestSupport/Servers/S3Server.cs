using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RolloutTrace.TestSupport;

/// <summary>
/// What S3 is to us, on loopback: objects are put, got, looked at, deleted and listed in pages of two, in the path's style, in one bucket. It checks the hash of each body
/// and that requests are signed, though not the signature; and refuses what simple servers do: bodies in chunks, trailing checksums.
/// </summary>
public sealed class S3Server : IAsyncDisposable
{
    public const string Bucket = "traces";

    private const int PageSize = 2;
    private readonly WebApplication app;

    private S3Server(WebApplication app) => this.app = app;

    /// <summary>Its address.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The objects.</summary>
    public ConcurrentDictionary<string, (byte[] Content, Dictionary<string, string> Metadata)> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Method and key of each request, in the order in which they came.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>What to answer instead, if anything.</summary>
    public Func<HttpContext, int?> Instead { get; set; } = static _ => null;

    public static async Task<S3Server> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        var server = new S3Server(builder.Build());
        server.app.Run(server.Answer);
        await server.app.StartAsync();
        server.Address = server.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return server;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task Answer(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var parts = request.Path.Value!.TrimStart('/').Split('/', 2);
        var key = parts.Length > 1 ? parts[1] : "";
        Requests.Enqueue($"{request.Method} {key}");
        if (Instead(context) is { } other)
        {
            response.StatusCode = other;
            return;
        }

        if (WhyRefused(request, body.ToArray()) is { } why)
        {
            await Fail(response, 400, "InvalidRequest", why);
        }
        else if (parts[0] != Bucket)
        {
            await Fail(response, 404, "NoSuchBucket", "The specified bucket does not exist");
        }
        else if (request.Method == "PUT")
        {
            Objects[key] = (body.ToArray(), request.Headers.Where(static header => header.Key.StartsWith("x-amz-meta-", StringComparison.OrdinalIgnoreCase)).ToDictionary(static header => header.Key, static header => header.Value.ToString()));
            response.Headers.ETag = ETag(body.ToArray());
        }
        else if (request.Method == "DELETE")
        {
            Objects.TryRemove(key, out _);
            response.StatusCode = 204;
        }
        else if (key.Length == 0)
        {
            await List(request, response);
        }
        else if (Objects.TryGetValue(key, out var found))
        {
            response.Headers.ETag = ETag(found.Content);
            response.ContentLength = found.Content.Length;
            foreach (var (name, value) in found.Metadata)
            {
                response.Headers[name] = value;
            }

            if (request.Method == "GET")
            {
                await response.Body.WriteAsync(found.Content);
            }
        }
        else
        {
            await Fail(response, 404, "NoSuchKey", "The specified key does not exist.");
        }
    }

    private static string? WhyRefused(HttpRequest request, byte[] body)
    {
        var hash = request.Headers["x-amz-content-sha256"].ToString();
        return !request.Headers.Authorization.ToString().StartsWith("AWS4-HMAC-SHA256 Credential=", StringComparison.Ordinal) ? "it is not signed"
            : request.Headers.ContainsKey("x-amz-trailer") || hash.StartsWith("STREAMING-", StringComparison.Ordinal) || request.Headers.ContentEncoding.ToString().Contains("aws-chunked", StringComparison.Ordinal) ? "chunks and trailers are not known here"
            : request.Method == "PUT" && request.ContentLength != body.Length ? "it has no length"
            : hash != Convert.ToHexStringLower(SHA256.HashData(body)) ? "the body has another hash"
            : null;
    }

    private async Task List(HttpRequest request, HttpResponse response)
    {
        var prefix = request.Query["prefix"].ToString();
        var after = request.Query["continuation-token"].ToString();
        var slash = request.Query["delimiter"].ToString();
        string NameOf(string key) => slash.Length > 0 && key.IndexOf(slash, prefix.Length, StringComparison.Ordinal) is >= 0 and var end ? key[..(end + 1)] : key;
        var all = Objects.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).Select(NameOf).Distinct(StringComparer.Ordinal)
            .Where(name => string.CompareOrdinal(name, after) > 0).Order(StringComparer.Ordinal).ToList();
        var page = all.Take(PageSize).ToList();
        XNamespace ns = "http://s3.amazonaws.com/doc/2006-03-01/";
        var answer = new XElement(
            ns + "ListBucketResult",
            new XElement(ns + "Name", Bucket),
            new XElement(ns + "Prefix", prefix),
            new XElement(ns + "KeyCount", page.Count),
            new XElement(ns + "IsTruncated", all.Count > page.Count ? "true" : "false"),
            all.Count > page.Count ? new XElement(ns + "NextContinuationToken", page[^1]) : null,
            page.Where(name => slash.Length > 0 && name.EndsWith(slash, StringComparison.Ordinal)).Select(name => new XElement(ns + "CommonPrefixes", new XElement(ns + "Prefix", name))),
            page.Where(Objects.ContainsKey).Select(key => new XElement(ns + "Contents", new XElement(ns + "Key", key), new XElement(ns + "LastModified", DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)), new XElement(ns + "ETag", ETag(Objects[key].Content)), new XElement(ns + "Size", Objects[key].Content.Length.ToString(CultureInfo.InvariantCulture)))));
        response.ContentType = "application/xml";
        await response.WriteAsync(answer.ToString());
    }

    private static Task Fail(HttpResponse response, int status, string code, string message)
    {
        response.StatusCode = status;
        response.ContentType = "application/xml";
        return response.WriteAsync(new XElement("Error", new XElement("Code", code), new XElement("Message", message)).ToString());
    }

    private static string ETag(byte[] content) => $"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}-1\"";
}

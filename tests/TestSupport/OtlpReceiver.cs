using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RolloutTrace.TestSupport;

/// <summary>An OTLP receiver on the loopback address that keeps what it is sent, and answers what a test says.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private const int PrefixBytes = 5;

    private readonly WebApplication app;
    private readonly bool isGrpc;
    private readonly Func<OtlpRequest, OtlpAnswer> answer;

    private OtlpReceiver(WebApplication app, bool isGrpc, Func<OtlpRequest, OtlpAnswer> answer)
    {
        this.app = app;
        this.isGrpc = isGrpc;
        this.answer = answer;
    }

    /// <summary>All requests, in the order in which they came.</summary>
    public ConcurrentQueue<OtlpRequest> Requests { get; } = new();

    public string Address { get; private set; } = "";

    /// <summary>All spans received, as OTLP's message <c>Span</c>.</summary>
    public IReadOnlyList<byte[]> Spans => [.. Requests.SelectMany(static request => request.Spans)];

    /// <param name="isGrpc">Speak gRPC over HTTP/2, or HTTP/1.1.</param>
    /// <param name="answer">What to answer to each request; null to take them all.</param>
    /// <param name="certificate">What to show to who connects; null to be unencrypted.</param>
    public static async Task<OtlpReceiver> StartAsync(bool isGrpc, Func<OtlpRequest, OtlpAnswer>? answer = null, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options =>
            options.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = isGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1;
                if (certificate is not null)
                {
                    listen.UseHttps(certificate);
                }
            }));
        var receiver = new OtlpReceiver(builder.Build(), isGrpc, answer ?? (static _ => new OtlpAnswer()));
        receiver.app.Run(receiver.Answer);
        await receiver.app.StartAsync();
        receiver.Address = receiver.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task Answer(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var request = new OtlpRequest
        {
            Path = context.Request.Path,
            ContentType = context.Request.ContentType,
            Headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Message = MessageOf(body.ToArray(), context.Request.Headers.ContentEncoding == "gzip"),
        };
        Requests.Enqueue(request);
        var said = answer(request);
        if (said.ClosesConnection)
        {
            context.Abort();
            return;
        }

        if (said.StaysSilent)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            return;
        }

        context.Response.StatusCode = said.HttpStatus;
        context.Response.ContentType = said.ContentType ?? context.Request.ContentType;
        foreach (var (name, value) in said.Headers)
        {
            context.Response.Headers[name] = value;
        }

        if (!isGrpc)
        {
            await context.Response.Body.WriteAsync(said.Body);
            return;
        }

        if (said.GrpcStatus == "0")
        {
            var prefix = new byte[PrefixBytes];
            BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), said.Body.Length);
            await context.Response.Body.WriteAsync(prefix);
            await context.Response.Body.WriteAsync(said.Body);
        }

        foreach (var (name, value) in said.Trailers)
        {
            context.Response.AppendTrailer(name, value);
        }

        if (said.GrpcStatus is not null)
        {
            context.Response.AppendTrailer("grpc-status", said.GrpcStatus);
        }
    }

    private byte[] MessageOf(byte[] body, bool isCompressed)
    {
        var message = isGrpc ? body[PrefixBytes..] : body;
        if (!isCompressed && !(isGrpc && body[0] == 1))
        {
            return message;
        }

        using var gzip = new GZipStream(new MemoryStream(message), CompressionMode.Decompress);
        using var whole = new MemoryStream();
        gzip.CopyTo(whole);
        return whole.ToArray();
    }
}

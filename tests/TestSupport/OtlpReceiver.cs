using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RolloutTrace.TestSupport;

/// <summary>An OTLP receiver on the loopback address that keeps what it is sent.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication app;

    private OtlpReceiver(WebApplication app) => this.app = app;

    /// <summary>Paths, content types and messages, without gRPC's prefix.</summary>
    public ConcurrentQueue<(string Path, string? ContentType, byte[] Message)> Requests { get; } = new();

    public string Address { get; private set; } = "";

    /// <summary>All spans received, as OTLP's message <c>Span</c>.</summary>
    public IReadOnlyList<byte[]> Spans =>
        [.. Requests.SelectMany(static request => request.Message.In(1)).SelectMany(static resource => resource.In(2)).SelectMany(static scope => scope.In(2))];

    /// <param name="isGrpc">Speak gRPC over HTTP/2, or HTTP/1.1.</param>
    /// <param name="grpcStatus">The status to answer a gRPC call with.</param>
    /// <param name="response">The message to answer with.</param>
    public static async Task<OtlpReceiver> StartAsync(bool isGrpc, string grpcStatus = "0", byte[]? response = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = isGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        var receiver = new OtlpReceiver(builder.Build());
        receiver.app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var message = body.ToArray();
            receiver.Requests.Enqueue((context.Request.Path, context.Request.ContentType, isGrpc ? message[5..] : message));
            context.Response.ContentType = context.Request.ContentType;
            var answer = response ?? [];
            if (isGrpc)
            {
                context.Response.DeclareTrailer("grpc-status");
                await context.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, (byte)answer.Length });
            }

            await context.Response.Body.WriteAsync(answer);
            if (isGrpc)
            {
                context.Response.AppendTrailer("grpc-status", grpcStatus);
            }
        });
        await receiver.app.StartAsync();
        receiver.Address = receiver.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();
}

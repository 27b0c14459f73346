using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;

namespace RolloutTrace.Receiver.Protocol;

/// <summary>Listens for both protocols, as long as it is wanted.</summary>
internal sealed class OtlpServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ExportReader reader;
    private readonly OtlpHttp http;
    private readonly OtlpGrpc grpc;
    private readonly Action<Exception> failed;

    private OtlpServer(WebApplication app, IExportSink sink, ApiKeys keys, Action<Exception> failed)
    {
        this.app = app;
        this.failed = failed;
        reader = new ExportReader(sink);
        http = new OtlpHttp(reader, keys);
        grpc = new OtlpGrpc(reader, keys);
    }

    /// <summary>Where HTTP is spoken.</summary>
    public string HttpAddress { get; private set; } = "";

    /// <summary>Where gRPC is spoken.</summary>
    public string GrpcAddress { get; private set; } = "";

    /// <summary>Begins to listen.</summary>
    /// <param name="httpEnd">Where for HTTP; port 0 for any that is free.</param>
    /// <param name="grpcEnd">Where for gRPC, likewise.</param>
    /// <param name="certificates">The certificate and those above it; null to be unencrypted.</param>
    /// <param name="keys">Who may send.</param>
    /// <param name="sink">Takes what is sent.</param>
    /// <param name="failed">Told of what nobody foresaw.</param>
    /// <exception cref="IOException">A port is in use, or not for this machine.</exception>
    public static async Task<OtlpServer> StartAsync(
        IPEndPoint httpEnd, IPEndPoint grpcEnd, X509Certificate2Collection? certificates, ApiKeys keys, IExportSink sink, Action<Exception> failed)
    {
        // Of the empty builder, since the others read settings from the current directory and the environment: which interfaces are listened on is not for them to say.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;

            // The limit here is one of the unzipped message, and is answered as the protocol says.
            options.Limits.MaxRequestBodySize = null;
            options.Listen(httpEnd, listen => Listen(listen, certificates is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2, certificates));
            options.Listen(grpcEnd, listen => Listen(listen, HttpProtocols.Http2, certificates));
        });
        var server = new OtlpServer(builder.Build(), sink, keys, failed);
        server.app.Run(server.AnswerAsync);
        try
        {
            await server.app.StartAsync().ConfigureAwait(false);
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        var addresses = server.app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
        (server.HttpAddress, server.GrpcAddress) = (addresses[0], addresses[1]);
        return server;
    }

    /// <summary>Takes no more, and answers what has come.</summary>
    /// <param name="farewell">How long that may take.</param>
    public async Task StopAsync(TimeSpan farewell)
    {
        using var limit = new CancellationTokenSource(farewell);
        await app.StopAsync(limit.Token).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static void Listen(ListenOptions listen, HttpProtocols protocols, X509Certificate2Collection? certificates)
    {
        listen.Protocols = protocols;
        if (certificates is not null)
        {
            listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = certificates[0], ServerCertificateChain = certificates });
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        try
        {
            if (context.Request.Path.Value == "/healthz")
            {
                await SayHealthAsync(context).ConfigureAwait(false);
            }
            else
            {
                await (OtlpGrpc.Is(context.Request) ? grpc.AnswerAsync(context) : http.AnswerAsync(context)).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (context.RequestAborted.IsCancellationRequested || e is Microsoft.AspNetCore.Http.BadHttpRequestException)
        {
            // Nobody waits for it any more, or it was no HTTP: the server answers that itself.
        }
        catch (Exception e)
        {
            failed(e);
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    private async Task SayHealthAsync(HttpContext context)
    {
        var isReady = reader.IsReady;
        context.Response.StatusCode = isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(isReady ? "ready\n" : "not ready\n").ConfigureAwait(false);
    }
}

using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace RolloutTrace.Replay.Tests.Server;

/// <summary>A live model: it keeps what it is asked, and always answers the same.</summary>
internal sealed class LiveServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private LiveServer(WebApplication app) => this.app = app;

    public Uri Address => new($"{app.Urls.Single()}/v1");

    public List<(string Path, string Key, string Body)> Asked { get; } = [];

    public static async Task<LiveServer> StartAsync(string answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(static options => options.Listen(IPAddress.Loopback, 0));
        var server = new LiveServer(builder.Build());
        server.app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
            server.Asked.Add((context.Request.Path.Value!, context.Request.Headers.Authorization.ToString(), await reader.ReadToEndAsync()));
            context.Response.ContentType = "application/json";
            context.Response.Headers["x-request-id"] = "live-1";
            await context.Response.WriteAsync(answer);
        });
        await server.app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace RolloutTrace.Cli;

/// <summary>A server on the loopback interface alone, as long as it is wanted.</summary>
internal static class LoopbackServer
{
    /// <summary>Serves until it is told to stop.</summary>
    /// <param name="port">The port; 0 for any that is free.</param>
    /// <param name="mostBody">The most bytes of a request's body.</param>
    /// <param name="farewell">How long what is being answered may take when it is told to stop.</param>
    /// <param name="open">Gets the port, once it is listened on, and gives what answers. Requests wait for it.</param>
    /// <param name="ready">Gets the base address, from when on requests are answered.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task Run(int port, long mostBody, TimeSpan farewell, Func<int, RequestDelegate> open, Action<string> ready, CancellationToken stop)
    {
        // Of the empty builder, since the others read settings from the current directory and the environment: which interfaces are listened on is not for them to say.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = mostBody;
            options.Listen(IPAddress.Loopback, port);
        });
        var app = builder.Build();
        await using (app.ConfigureAwait(false))
        {
            var opened = new TaskCompletionSource<RequestDelegate>(TaskCreationOptions.RunContinuationsAsynchronously);
            app.Run(async context => await (await opened.Task.ConfigureAwait(false))(context).ConfigureAwait(false));
            await app.StartAsync(CancellationToken.None).ConfigureAwait(false);
            var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            opened.SetResult(open(new Uri(address).Port));
            ready(address);
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            using var limit = new CancellationTokenSource(farewell);
            await app.StopAsync(limit.Token).ConfigureAwait(false);
        }
    }
}

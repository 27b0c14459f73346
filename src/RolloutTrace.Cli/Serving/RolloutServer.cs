using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace RolloutTrace.Cli;

/// <summary>A server on the loopback interface alone, as long as it is wanted.</summary>
internal static class RolloutServer
{
    // Nothing is read from any: a small one is let go by, so that its sender hears why it is refused.
    private const int MostBody = 4096;

    private static readonly TimeSpan Farewell = TimeSpan.FromMilliseconds(500);

    /// <summary>Serves until it is told to stop.</summary>
    /// <param name="catalog">The rollouts.</param>
    /// <param name="port">The port; 0 for any that is free.</param>
    /// <param name="time">The clock by which a bundle's silence is measured.</param>
    /// <param name="ready">Gets the address to look at, once it is listened on.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task Run(RolloutCatalog catalog, int port, TimeProvider time, Action<string> ready, CancellationToken stop)
    {
        // Of the empty builder, since the others read settings from the current directory and the environment: which interfaces are listened on is not for them to say.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = MostBody;
            options.Listen(IPAddress.Loopback, port);
        });
        var app = builder.Build();
        await using (app.ConfigureAwait(false))
        {
            var token = RequestGuard.NewToken();
            var listening = new TaskCompletionSource<RolloutSite>(TaskCreationOptions.RunContinuationsAsynchronously);
            app.Run(async context => await (await listening.Task.ConfigureAwait(false)).Answer(context).ConfigureAwait(false));
            await app.StartAsync(CancellationToken.None).ConfigureAwait(false);
            var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            listening.SetResult(new RolloutSite(new RequestGuard(token, new Uri(address).Port), catalog, time, stop));
            ready($"{address}/{token}/");
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            using var limit = new CancellationTokenSource(Farewell);
            await app.StopAsync(limit.Token).ConfigureAwait(false);
        }
    }
}

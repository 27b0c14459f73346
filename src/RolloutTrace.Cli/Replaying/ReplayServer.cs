using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using RolloutTrace.Replay;

namespace RolloutTrace.Cli.Replaying;

/// <summary>A server on the loopback interface alone that plays a recording, as long as it is wanted.</summary>
internal static class ReplayServer
{
    private const long MostBody = 256L << 20;

    private static readonly TimeSpan Farewell = TimeSpan.FromMilliseconds(500);

    /// <summary>Serves until it is told to stop.</summary>
    /// <param name="session">The recording as it is played.</param>
    /// <param name="live">Who answers what was never asked; null for nobody.</param>
    /// <param name="port">The port; 0 for any that is free.</param>
    /// <param name="ready">Gets the base address of the API, once it is listened on.</param>
    /// <param name="tell">Told what goes wrong. Called by one request at a time.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="IOException">The port is in use.</exception>
    public static async Task Run(ReplaySession session, LiveModel? live, int port, Action<string> ready, Action<string> tell, CancellationToken stop)
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
            var speaking = new Lock();
            void TellOne(string message)
            {
                lock (speaking)
                {
                    tell(message);
                }
            }

            var listening = new TaskCompletionSource<ReplaySite>(TaskCreationOptions.RunContinuationsAsynchronously);
            app.Run(async context => await (await listening.Task.ConfigureAwait(false)).Answer(context).ConfigureAwait(false));
            await app.StartAsync(CancellationToken.None).ConfigureAwait(false);
            var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
            listening.SetResult(new ReplaySite(session, live, new Uri(address).Port, TellOne));
            ready($"{address}/v1");
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            using var limit = new CancellationTokenSource(Farewell);
            await app.StopAsync(limit.Token).ConfigureAwait(false);
        }
    }
}

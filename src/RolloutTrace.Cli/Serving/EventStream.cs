using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace RolloutTrace.Cli;

/// <summary>Tells a page that what it shows is another now, as an event that has the stamp of it.</summary>
internal static class EventStream
{
    private const int LooksBetweenSigns = 20;

    // Of thousands of rollouts a look takes longer: then there are fewer, so that an open page leaves the machine to others.
    private const int PauseForALook = 9;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    /// <summary>Looks again and again, until the page or the server goes.</summary>
    public static async Task Write(HttpResponse response, Func<string> stamp, CancellationToken stop)
    {
        response.ContentType = "text/event-stream";
        string? told = null;
        try
        {
            for (var look = 0; !stop.IsCancellationRequested; look++)
            {
                // Where nothing has changed a comment finds out whether anybody is there.
                var began = Stopwatch.GetTimestamp();
                var now = await Task.Run(stamp, stop).ConfigureAwait(false);
                var pause = Stopwatch.GetElapsedTime(began) * PauseForALook;
                if (now != told || look % LooksBetweenSigns == 0)
                {
                    await response.Body.WriteAsync(Encoding.ASCII.GetBytes(now != told ? $"data: {now}\n\n" : ":\n\n"), stop).ConfigureAwait(false);
                    await response.Body.FlushAsync(stop).ConfigureAwait(false);
                    told = now;
                }

                await Task.Delay(pause > BetweenLooks ? pause : BetweenLooks, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Somebody has gone.
        }
    }
}

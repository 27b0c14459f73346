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
    public static Task Run(ReplaySession session, LiveModel? live, int port, Action<string> ready, Action<string> tell, CancellationToken stop)
    {
        var speaking = new Lock();
        void TellOne(string message)
        {
            lock (speaking)
            {
                tell(message);
            }
        }

        return LoopbackServer.Run(
            port,
            MostBody,
            Farewell,
            listening => new ReplaySite(session, live, listening, TellOne).Answer,
            address => ready($"{address}/v1"),
            stop);
    }
}

namespace RolloutTrace.Cli;

/// <summary>Rollouts in the browser, on the loopback interface alone, as long as they are wanted.</summary>
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
    public static Task Run(RolloutCatalog catalog, int port, TimeProvider time, Action<string> ready, CancellationToken stop)
    {
        var token = RequestGuard.NewToken();
        return LoopbackServer.Run(
            port,
            MostBody,
            Farewell,
            listening => new RolloutSite(new RequestGuard(token, listening), catalog, time, stop).Answer,
            address => ready($"{address}/{token}/"),
            stop);
    }
}

namespace RolloutTrace.Cli;

/// <summary>How long to wait before a request is sent again, where the receiver does not say: twice as long each time, and never as long as others wait.</summary>
/// <param name="random">Spreads the waits, so that those whom a receiver turned away together do not come back together.</param>
internal sealed class Backoff(Random random)
{
    private const double Shortest = 0.5;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>The wait after a number of attempts, 1 at least: between half and all of what doubles each time.</summary>
    public TimeSpan After(int attempts)
    {
        var whole = First.TotalSeconds * Math.Pow(2, Math.Min(attempts, 30) - 1);
        return TimeSpan.FromSeconds(Math.Min(whole, Longest.TotalSeconds) * (Shortest + ((1 - Shortest) * random.NextDouble())));
    }
}

namespace RolloutTrace.Receiver.Delivery;

/// <summary>How long what did not go waits before it is tried again: twice as long each time, up to a bound.</summary>
internal static class RetryPause
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <param name="failures">How often it had failed before this time.</param>
    public static TimeSpan After(int failures)
    {
        var pause = TimeSpan.FromSeconds(1 << Math.Min(failures, 5));
        return pause < Longest ? pause : Longest;
    }
}

namespace RolloutTrace.Cli;

/// <summary>How long a receiver is waited for that is too busy.</summary>
internal sealed record RetryRules
{
    /// <summary>The longest time in which it takes nothing.</summary>
    public required TimeSpan Bound { get; init; }

    /// <summary>Whether to wait for one, too, that has never been there.</summary>
    public bool WaitsForAbsent { get; init; }

    public required Backoff Backoff { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Lets time pass.</summary>
    public required Action<TimeSpan> Pause { get; init; }
}

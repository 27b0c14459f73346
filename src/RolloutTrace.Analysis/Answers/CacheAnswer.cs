namespace RolloutTrace.Analysis.Answers;

/// <summary>
/// What <c>cache</c> says of a rollout. In JSON <c>total</c>, <c>next_offset</c>, <c>requests</c>, <c>input_tokens</c>, <c>cached_input_tokens</c>, <c>missed_tokens</c> and
/// <c>time_to_live_ms</c>.
/// </summary>
public sealed record CacheAnswer
{
    /// <summary>How many there are, of which <see cref="Requests"/> may be a part.</summary>
    public int Total { get; init; }

    /// <summary>How many requests to leave out to have those that follow here; null if none follow.</summary>
    public int? NextOffset { get; init; }

    /// <summary>The requests whose tokens are known, thread by thread, each in the order in which it was sent.</summary>
    public required IReadOnlyList<CacheUse> Requests { get; init; }

    /// <summary>Tokens of the inputs of all, cached ones included.</summary>
    public required long InputTokens { get; init; }

    /// <summary>Tokens of the inputs of all that came from the cache.</summary>
    public required long CachedInputTokens { get; init; }

    /// <summary>Tokens that should have come from the cache and did not; estimated.</summary>
    public required long MissedTokens { get; init; }

    /// <summary>How long the provider is taken to keep what nobody asks for, in milliseconds.</summary>
    public required long TimeToLiveMs { get; init; }

    /// <summary>Looks at each request.</summary>
    /// <param name="rollout">The rollout.</param>
    /// <param name="timeToLive">How long the provider keeps a prompt that nobody asks for.</param>
    public static CacheAnswer Of(OpenRollout rollout, TimeSpan timeToLive)
    {
        var requests = RolloutCache.Of(rollout, timeToLive);
        return new CacheAnswer
        {
            Total = requests.Count,
            Requests = requests,
            InputTokens = requests.Sum(static request => request.InputTokens),
            CachedInputTokens = requests.Sum(static request => request.CachedInputTokens),
            MissedTokens = requests.Sum(static request => request.Miss?.MissedTokens ?? 0),
            TimeToLiveMs = (long)timeToLive.TotalMilliseconds,
        };
    }
}

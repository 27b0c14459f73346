using RolloutTrace.Analysis.Caching;

namespace RolloutTrace.Analysis;

/// <summary>Tells how providers' prompt caches were used, and why they were not.</summary>
public static class RolloutCache
{
    /// <summary>How long a provider keeps a prompt that nobody asks for, if nobody says otherwise: 5 minutes.</summary>
    public static TimeSpan DefaultTimeToLive { get; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How each request that was answered with a count of its tokens used the cache, thread by thread in the order in which they were
    /// sent. Linear in the size of the state and of the requests' payloads.
    /// </summary>
    /// <param name="rollout">The rollout. Without its bundle there are counts and no misses.</param>
    /// <param name="timeToLive">How long the provider keeps a prompt that nobody asks for.</param>
    /// <remarks>
    /// A request has missed the cache if a quarter of what it should have found there was not, and 1,024 tokens at least, which is the least that
    /// providers cache. Nothing is said where it is not known what one of the two requests showed, or where the count of tokens
    /// cannot be of what is known of the request.
    /// </remarks>
    public static IReadOnlyList<CacheUse> Of(OpenRollout rollout, TimeSpan timeToLive)
    {
        ArgumentNullException.ThrowIfNull(rollout);
        return [.. new CacheMisses(rollout, timeToLive).Find()];
    }
}

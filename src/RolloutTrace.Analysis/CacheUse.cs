namespace RolloutTrace.Analysis;

/// <summary>How much of a request's input came from the provider's cache.</summary>
public sealed record CacheUse
{
    /// <summary>The request.</summary>
    public required string InferenceCallId { get; init; }

    /// <summary>Its thread.</summary>
    public required string ThreadId { get; init; }

    /// <summary>When it was sent, in milliseconds since the Unix epoch.</summary>
    public required long StartedAtUnixMs { get; init; }

    /// <summary>Tokens of its input, cached ones included.</summary>
    public required long InputTokens { get; init; }

    /// <summary>Tokens of its input that came from the cache.</summary>
    public required long CachedInputTokens { get; init; }

    /// <summary>Why that is less than it should be; null if it is not, or if it is not known what it should be.</summary>
    public required CacheMiss? Miss { get; init; }
}

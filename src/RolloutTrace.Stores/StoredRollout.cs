namespace RolloutTrace.Stores;

/// <summary>A rollout in a store.</summary>
public sealed record StoredRollout
{
    /// <summary>Its key.</summary>
    public required string Key { get; init; }

    /// <summary>Its length in bytes; null for a bundle that is not packed.</summary>
    public long? Bytes { get; init; }

    /// <summary>Another text when other bytes are there.</summary>
    public required string Version { get; init; }
}

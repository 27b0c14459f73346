namespace RolloutTrace.Stores;

/// <summary>An object in a bucket.</summary>
public sealed record StoredObject
{
    /// <summary>Its name within the place that was opened.</summary>
    public required string Name { get; init; }

    /// <summary>Its length in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Another text when other bytes are there.</summary>
    public required string Version { get; init; }

    /// <summary>When it was put, by the server's clock.</summary>
    public DateTimeOffset PutAt { get; init; }
}

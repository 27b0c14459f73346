namespace RolloutTrace.Packing;

/// <summary>What became of a bundle that was to be packed.</summary>
public sealed record PackResult
{
    /// <summary>The packed rollout, a full path.</summary>
    public required string Path { get; init; }

    /// <summary>Bytes of the files that are in it.</summary>
    public required long Bytes { get; init; }

    /// <summary>Its own length in bytes.</summary>
    public required long PackedBytes { get; init; }

    /// <summary>Number of files in it.</summary>
    public required int Files { get; init; }

    /// <summary>Whether it was there before, with all that is in the bundle, so that nothing was written.</summary>
    public bool WasPacked { get; init; }

    /// <summary>Whether the bundle was deleted.</summary>
    public bool Deleted { get; init; }
}

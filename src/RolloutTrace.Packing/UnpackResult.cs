namespace RolloutTrace.Packing;

/// <summary>What became of a packed rollout that was unpacked.</summary>
public sealed record UnpackResult
{
    /// <summary>The bundle, a full path.</summary>
    public required string Directory { get; init; }

    /// <summary>Number of files written.</summary>
    public required int Files { get; init; }

    /// <summary>Bytes written.</summary>
    public required long Bytes { get; init; }

    /// <summary>What is wrong with the packed rollout, or that its recording has no end, so that the bundle has only what is before that; null if nothing.</summary>
    public string? Damage { get; init; }
}

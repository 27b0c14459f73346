namespace RolloutTrace.Lake;

/// <summary>What of a lake was copied.</summary>
public sealed record CopiedPart
{
    /// <summary>How many files.</summary>
    public required int Files { get; init; }

    /// <summary>How many bytes they have.</summary>
    public required long Bytes { get; init; }

    /// <summary>How many days they are of.</summary>
    public required int Days { get; init; }
}

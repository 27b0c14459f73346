namespace RolloutTrace.Analysis;

/// <summary>Where a text first differs from another, on one line each.</summary>
public sealed record TextChange
{
    /// <summary>How many characters at the beginning are the same.</summary>
    public required int At { get; init; }

    /// <summary>What stood there before and shortly around it; null if there was no text.</summary>
    public required string? Was { get; init; }

    /// <summary>What stands there now and shortly around it; null if there is no text.</summary>
    public required string? Is { get; init; }
}

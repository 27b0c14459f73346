using RolloutTrace.Bundle;

namespace RolloutTrace.Joining;

/// <summary>What became of the bundles.</summary>
public sealed record JoinResult
{
    /// <summary>The bundles that were joined, in the order in which they started; the root's first.</summary>
    public required IReadOnlyList<JoinedPart> Parts { get; init; }

    /// <summary>The bundles that were left out, each with its reason; in the order of their trace ids.</summary>
    public required IReadOnlyList<ApartPart> Apart { get; init; }

    /// <summary>What was found on the way that costs nothing more than itself, such as a line that could not be read.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Events in the joined log.</summary>
    public required long Events { get; init; }

    /// <summary>Payload files in the joined bundle.</summary>
    public required long Payloads { get; init; }
}

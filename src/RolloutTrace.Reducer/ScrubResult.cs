namespace RolloutTrace.Reducer;

/// <summary>What scrubbing a bundle gave.</summary>
public sealed record ScrubResult
{
    /// <summary>Events written.</summary>
    public required long Events { get; init; }

    /// <summary>Payload files written.</summary>
    public required long Payloads { get; init; }

    /// <summary>Lines of the log that are no events. A marker stands for each.</summary>
    public required long UnreadableLines { get; init; }

    /// <summary>Payload files that cannot be read or are no JSON. A marker stands for each.</summary>
    public required long UnreadablePayloads { get; init; }
}

namespace RolloutTrace.Records;

/// <summary>A chunk of a payload file, as it is sent in a string body.</summary>
public sealed record PayloadChunk
{
    /// <summary>Which it is, from 1 on.</summary>
    public required int Number { get; init; }

    /// <summary>The body.</summary>
    public required string Body { get; init; }
}

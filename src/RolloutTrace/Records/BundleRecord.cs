namespace RolloutTrace.Records;

/// <summary>
/// A record of a bundle as it came, in whatever transport: what it says is in form, which does not mean that it fits what came before. What a
/// kind has no use for is null or 0.
/// </summary>
public sealed record BundleRecord
{
    /// <summary>What it holds.</summary>
    public required BundleRecordKind Kind { get; init; }

    /// <summary>The bundle's name, a valid one.</summary>
    public required string Bundle { get; init; }

    /// <summary>The body: UTF-8 of a string, or bytes.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Whether the body was of type bytes: then a chunk is in it as it is, and not as base64.</summary>
    public bool IsBytes { get; init; }

    /// <summary>The raw event's place in the bundle, at least 1.</summary>
    public long Seq { get; init; }

    /// <summary>N of <c>payloads/N.json</c>, at least 1.</summary>
    public long PayloadNumber { get; init; }

    /// <summary>The payload file that the chunk is of; null in other records.</summary>
    public PayloadFacts? Payload { get; init; }

    /// <summary>Which chunk of the file it is, from 1 to <see cref="PayloadFacts.Chunks"/>.</summary>
    public int Chunk { get; init; }
}

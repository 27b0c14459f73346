namespace RolloutTrace.Records;

/// <summary>What each chunk of a payload file says about the whole.</summary>
public sealed record PayloadFacts
{
    /// <summary>Length of the file in bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>SHA-256 of the file, in small hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>How chunks hold it: a word of <see cref="PayloadEncoding"/>.</summary>
    public required string Encoding { get; init; }

    /// <summary>How many chunks it has.</summary>
    public required int Chunks { get; init; }
}

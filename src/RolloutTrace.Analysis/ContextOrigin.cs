namespace RolloutTrace.Analysis;

/// <summary>How much of a request's input comes from one origin.</summary>
public sealed record ContextOrigin
{
    /// <summary>The origin.</summary>
    public required ContextOriginKind Origin { get; init; }

    /// <summary>Of outputs, the tool's name as the model calls it; null for other origins, and where it is not known.</summary>
    public required string? Tool { get; init; }

    /// <summary>How many there are: items, texts of instructions, or tool definitions.</summary>
    public required int Count { get; init; }

    /// <summary>Their length in bytes of UTF-8. Images and files count nothing: their tokens cannot be told from bytes.</summary>
    public required long Bytes { get; init; }

    /// <summary>Their part of all bytes of the input, from 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>The same part of the input's tokens; null if the request does not say how many it had.</summary>
    public required long? Tokens { get; init; }
}

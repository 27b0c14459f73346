namespace RolloutTrace.Analysis;

/// <summary>How large the input of one request was, in the growth of a thread's context.</summary>
public sealed record ContextStep
{
    /// <summary>The request.</summary>
    public required string InferenceCallId { get; init; }

    /// <summary>When it was sent, in milliseconds since the Unix epoch.</summary>
    public required long StartedAtUnixMs { get; init; }

    /// <summary>How many items it showed; null if that is not known.</summary>
    public required int? Items { get; init; }

    /// <summary>Length of instructions, tools and items in bytes of UTF-8; null if it is not known what it showed.</summary>
    public required long? Bytes { get; init; }

    /// <summary>Tokens of its input; null if it does not say.</summary>
    public required long? InputTokens { get; init; }

    /// <summary>The compactions that were installed since the request before, in order; empty mostly.</summary>
    public required IReadOnlyList<string> CompactionIds { get; init; }
}

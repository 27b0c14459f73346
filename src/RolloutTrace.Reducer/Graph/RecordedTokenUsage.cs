namespace RolloutTrace.Reducer;

/// <summary>Tokens that a model request used.</summary>
public sealed record RecordedTokenUsage
{
    /// <summary>Tokens of the input, cached ones included.</summary>
    public required long InputTokens { get; init; }

    /// <summary>Tokens of the input that were read from the provider's cache.</summary>
    public required long CachedInputTokens { get; init; }

    /// <summary>Tokens of the input that were written to the provider's cache.</summary>
    public required long CacheWriteInputTokens { get; init; }

    /// <summary>Tokens of the output, reasoning included.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>Tokens of the output that were reasoning.</summary>
    public required long ReasoningOutputTokens { get; init; }

    /// <summary>The same counts, as the state says them.</summary>
    /// <param name="usage">As a handle is told them, or a dialect reads them from a response.</param>
    public static RecordedTokenUsage Of(in TokenUsage usage) => new()
    {
        InputTokens = usage.InputTokens,
        CachedInputTokens = usage.CachedInputTokens,
        CacheWriteInputTokens = usage.CacheWriteInputTokens,
        OutputTokens = usage.OutputTokens,
        ReasoningOutputTokens = usage.ReasoningOutputTokens,
    };
}

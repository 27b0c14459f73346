namespace RolloutTrace;

/// <summary>What a model request used, in tokens; none of the numbers is negative.</summary>
/// <param name="InputTokens">Tokens of the input, cached ones included.</param>
/// <param name="OutputTokens">Tokens of the output, reasoning included.</param>
/// <param name="CachedInputTokens">Tokens of the input that came from the provider's cache.</param>
/// <param name="CacheWriteInputTokens">Tokens of the input that went into the provider's cache.</param>
/// <param name="ReasoningOutputTokens">Tokens of the output spent on reasoning.</param>
public readonly record struct TokenUsage(
    long InputTokens,
    long OutputTokens,
    long CachedInputTokens = 0,
    long CacheWriteInputTokens = 0,
    long ReasoningOutputTokens = 0);
